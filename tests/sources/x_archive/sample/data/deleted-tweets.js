window.YTD.deleted_tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000040"
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
        "22"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000040",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000040",
      "created_at": "Mon Jan 08 09:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Zu schnell geschrieben",
      "lang": "de",
      "deleted_at": "2024-02-01T09:00:00.000Z"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000041"
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
        "18"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000041",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000041",
      "created_at": "Mon Jan 08 10:00:00 +0000 2024",
      "favorited": false,
      "full_text": "RT @bruno_b: Hallo",
      "lang": "de"
    }
  },
  {
    "tweet": {
      "id_str": "?",
      "created_at": "x"
    }
  }
]
