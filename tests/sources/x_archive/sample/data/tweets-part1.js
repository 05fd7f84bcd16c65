window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000020"
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
        "10"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000020",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000020",
      "created_at": "vorgestern",
      "favorited": false,
      "full_text": "keine Zeit",
      "lang": "de"
    }
  },
  {
    "tweet": {
      "id_str": "1700000000000000021",
      "created_at": "Sat Jan 06 09:00:00 +0000 2024",
      "full_text": 17
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000022"
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
        "30"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000022",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000022",
      "created_at": "2024-01-06T10:00:00.000Z",
      "favorited": false,
      "full_text": "RT @clara_koerner: mich selbst",
      "lang": "de"
    }
  }
]
