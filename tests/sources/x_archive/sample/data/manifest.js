window.__THAR_CONFIG = {
  "userInfo": {
    "accountId": "900001",
    "userName": "Clara_Koerner",
    "displayName": "Clara Körner"
  },
  "archiveInfo": {
    "sizeBytes": "1234",
    "generationDate": "2024-03-05T05:46:38.082Z",
    "isPartialArchive": false,
    "maxPartSizeBytes": "53687091200"
  },
  "readmeInfo": {
    "fileName": "data/README.txt",
    "directory": "data/",
    "name": "README.txt"
  },
  "dataTypes": {
    "account": {
      "files": [
        {
          "fileName": "data/account.js",
          "globalName": "YTD.account.part0",
          "count": "1"
        }
      ]
    },
    "tweets": {
      "mediaDirectory": "data/tweets_media",
      "files": [
        {
          "fileName": "data/tweets.js",
          "globalName": "YTD.tweets.part0",
          "count": "10"
        },
        {
          "fileName": "data/tweets-part1.js",
          "globalName": "YTD.tweets.part1",
          "count": "3"
        },
        {
          "fileName": "data/tweets-part2.js",
          "globalName": "YTD.tweets.part2",
          "count": "7"
        }
      ]
    },
    "follower": {
      "files": [
        {
          "fileName": "data/follower.js",
          "globalName": "YTD.follower.part0",
          "count": "3"
        }
      ]
    },
    "following": {
      "files": [
        {
          "fileName": "data/following.js",
          "globalName": "YTD.following.part0",
          "count": "1"
        }
      ]
    },
    "tweetsMedia": {
      "mediaDirectory": "data/tweets_media"
    }
  }
}
