window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1700000000000000555",
      "updatedAt": "2024-01-05T13:00:00.000Z",
      "lifecycle": {
        "value": "3",
        "name": "Expandable"
      },
      "createdAt": "2024-01-05T13:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [
          {
            "expandedUrl": "https://werkstatt.example/lang",
            "toIndex": "3",
            "shortUrl": "https://t.co/lang1",
            "displayUrl": "werkstatt.example/lang",
            "fromIndex": "1"
          }
        ],
        "text": "Heute habe ich mir angesehen, was von meinen Vorsätzen geblieben ist, und das ist mehr, als ich dachte: R&amp;D, Beratung, Bücher. Alles weitere steht https://t.co/lang1 und noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr noch viel mehr bei @neuer_name.",
        "mentions": [
          {
            "screenName": "neuer_name",
            "fromIndex": "1",
            "toIndex": "2"
          }
        ],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]
