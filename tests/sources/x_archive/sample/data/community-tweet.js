window.YTD.community_tweet.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000030"
          ],
          "editableUntil": "2024-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "19"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000030",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000030",
      "created_at": "Sun Jan 07 09:00:00 +0000 2024",
      "favorited": false,
      "full_text": "In der Gemeinschaft",
      "lang": "de",
      "community_id": "1500000000000000000",
      "scopes": {
        "followers": false
      }
    }
  }
]
