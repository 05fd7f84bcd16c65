// Loaded before everything else (node -r): whatever the program asks for, it listens at 127.0.0.1 only.
const net = require('node:net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const [first] = args
  if (first && typeof first === 'object' && !('path' in first) && !('fd' in first)) {
    args[0] = { ...first, host: '127.0.0.1' }
  } else if (args.length === 0 || typeof first === 'function') {
    args.unshift({ port: 0, host: '127.0.0.1' })
  } else if (/^\d+$/.test(String(first))) {
    args.splice(1, typeof args[1] === 'string' ? 1 : 0, '127.0.0.1')
  }
  return listen.apply(this, args)
}
