// A whole Bluesky network: a PLC directory, a data server (PDS), an AppView, and a door for the tests.
// env: PORTS (JSON: plc, pds, bsky, ozone, door), DB_POSTGRES_URL, DB_POSTGRES_SCHEMA; data goes to TMPDIR.
// Says READY when all of it can be used. POST to the door answers when the AppView has seen all that was written,
// with the number of the last event.
const http = require('node:http')

process.env.REDIS_HOST = 'nowhere' // asked for by the development environment, used by none of these servers
const { TestNetwork } = require('@atproto/dev-env')

process.on('unhandledRejection', (error) => console.error('unhandledRejection', error))

async function main() {
  const ports = JSON.parse(process.env.PORTS)
  const network = await TestNetwork.create({
    plc: { port: ports.plc },
    pds: { port: ports.pds, hostname: 'localhost', enableDidDocWithSession: true },
    bsky: { port: ports.bsky, publicUrl: `http://localhost:${ports.bsky}`, redisHost: undefined },
    ozone: { port: ports.ozone, dbMaterializedViewRefreshIntervalMs: 3600000 },
  })
  const settle = async (_request, response) => {
    try {
      await network.processAll(20000)
      response.writeHead(200).end(JSON.stringify({ seq: await network.pds.ctx.sequencer.curr() }))
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ error: String(error) }))
    }
  }
  http.createServer(settle).listen(ports.door, '127.0.0.1', () => console.log('READY'))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
