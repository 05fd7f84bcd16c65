window.YTD.tweet.part0 = [
  {
    "retweeted": false,
    "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities": {
      "hashtags": [],
      "symbols": [],
      "user_mentions": [
        {
          "name": "bruno_b",
          "screen_name": "bruno_b",
          "indices": [
            "0",
            "5"
          ],
          "id_str": "800001",
          "id": "800001"
        }
      ],
      "urls": []
    },
    "display_text_range": [
      "0",
      "18"
    ],
    "favorite_count": "0",
    "id_str": "1001",
    "truncated": false,
    "retweet_count": "0",
    "id": "1001",
    "created_at": "Wed Oct 10 20:19:24 +0000 2018",
    "favorited": false,
    "full_text": "Hello #FF @bruno_b",
    "lang": "en"
  },
  {
    "retweeted": false,
    "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities": {
      "hashtags": [],
      "symbols": [],
      "user_mentions": [
        {
          "name": "dora",
          "screen_name": "dora",
          "indices": [
            "0",
            "5"
          ],
          "id_str": "800002",
          "id": "800002"
        }
      ],
      "urls": []
    },
    "display_text_range": [
      "0",
      "20"
    ],
    "favorite_count": "0",
    "id_str": "1002",
    "truncated": false,
    "retweet_count": "0",
    "id": "1002",
    "created_at": "Thu Oct 11 08:00:00 +0200 2018",
    "favorited": false,
    "full_text": "RT @dora guter Punkt",
    "lang": "de"
  }
]
