window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000001"
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
        "urls": [
          {
            "url": "https://t.co/aaa",
            "expanded_url": "https://werkstatt.example/kaffee?a=1&b=2",
            "display_url": "https://werkstatt.ex",
            "indices": [
              "0",
              "5"
            ]
          }
        ],
        "media": [
          {
            "url": "https://t.co/pic",
            "expanded_url": "https://twitter.com/Clara_Koerner/status/1700000000000000001/photo/1",
            "type": "photo"
          }
        ]
      },
      "display_text_range": [
        "0",
        "77"
      ],
      "favorite_count": "12",
      "id_str": "1700000000000000001",
      "truncated": false,
      "retweet_count": "3",
      "id": "1700000000000000001",
      "created_at": "Mon Jan 01 09:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Beratung &amp; Kaffee: https://t.co/aaa &lt;3 &amp;amp; mehr https://t.co/pic",
      "lang": "de",
      "extended_entities": {
        "media": [
          {
            "url": "https://t.co/pic",
            "expanded_url": "https://twitter.com/Clara_Koerner/status/1700000000000000001/photo/1",
            "type": "photo"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000002"
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
        "user_mentions": [
          {
            "name": "Bruno",
            "screen_name": "bruno_b",
            "indices": [
              "0",
              "5"
            ],
            "id_str": "800001",
            "id": "800001"
          },
          {
            "name": "Dora",
            "screen_name": "Dora",
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
        "37"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000002",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000002",
      "created_at": "Fri Jan 05 09:00:00 +0000 2024",
      "favorited": false,
      "full_text": "@bruno_b @Dora Danke euch beiden! #FF",
      "lang": "de",
      "in_reply_to_status_id_str": "1699999999999999999",
      "in_reply_to_status_id": "1699999999999999999",
      "in_reply_to_user_id_str": "800001",
      "in_reply_to_user_id": "800001",
      "in_reply_to_screen_name": "bruno_b"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000003"
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
        "user_mentions": [
          {
            "name": "Emil",
            "screen_name": "Emil_E",
            "indices": [
              "0",
              "5"
            ],
            "id_str": "800003",
            "id": "800003"
          }
        ],
        "urls": [],
        "media": [
          {
            "url": "https://t.co/film",
            "type": "video",
            "source_status_id_str": "1690000000000000009",
            "source_user_id_str": "800003"
          }
        ]
      },
      "display_text_range": [
        "0",
        "72"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000003",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000003",
      "created_at": "Fri Jan 05 10:00:00 +0000 2024",
      "favorited": false,
      "full_text": "RT @Emil_E: Ein Film über das Handwerk, sehr sehenswert, und zwar weil …",
      "lang": "de",
      "extended_entities": {
        "media": [
          {
            "url": "https://t.co/film",
            "type": "video",
            "source_status_id_str": "1690000000000000009",
            "source_user_id_str": "800003"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000004"
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
        "25"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000004",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000004",
      "created_at": "Fri Jan 05 11:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Second part of the thread",
      "lang": "en",
      "in_reply_to_status_id_str": "1700000000000000001",
      "in_reply_to_user_id_str": "900001",
      "in_reply_to_screen_name": "Clara_Koerner"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000005"
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
        "urls": [
          {
            "url": "https://t.co/qq",
            "expanded_url": "https://twitter.com/bruno_b/status/1699999999999999990?s=20",
            "display_url": "https://twitter.com/",
            "indices": [
              "0",
              "5"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "36"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000005",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000005",
      "created_at": "Fri Jan 05 12:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Das sehe ich auch so https://t.co/qq",
      "lang": "und"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000006"
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
        "urls": [
          {
            "url": "https://t.co/lang1",
            "expanded_url": "https://werkstatt.example/lang",
            "display_url": "https://werkstatt.ex",
            "indices": [
              "0",
              "5"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "179"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000006",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000006",
      "created_at": "Fri Jan 05 13:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Heute habe ich mir angesehen, was von meinen Vorsätzen geblieben ist, und das ist mehr, als ich dachte: R&amp;D, Beratung, Bücher. Alles weitere steht https://t.co/lang1 und noch…",
      "lang": "de"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000007"
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
        "12"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000007",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000007",
      "created_at": "Fri Jan 05 14:00:00 +0000 2024",
      "favorited": false,
      "full_text": "@weg Schade!",
      "lang": "qme",
      "in_reply_to_status_id_str": "1600000000000000000",
      "in_reply_to_user_id_str": "800009"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000008"
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
        "user_mentions": [
          {
            "name": "Dora",
            "screen_name": "Dora",
            "indices": [
              "0",
              "5"
            ],
            "id_str": "800002",
            "id": "800002"
          },
          {
            "name": "fort",
            "screen_name": "fort",
            "indices": [
              "0",
              "5"
            ],
            "id_str": "-1",
            "id": "-1"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "18"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000008",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000008",
      "created_at": "Fri Jan 05 15:00:00 +0000 2024",
      "favorited": false,
      "full_text": "@Dora Guten Morgen",
      "lang": "in",
      "in_reply_to_user_id_str": "800002",
      "in_reply_to_screen_name": "Dora"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000010",
            "1700000000000000011"
          ]
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
        "12"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000010",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000010",
      "created_at": "Fri Jan 05 16:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Erste Fasung",
      "lang": "de"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "edit": {
          "initialTweetId": "1700000000000000010",
          "editControlInitial": {
            "editTweetIds": [
              "1700000000000000010",
              "1700000000000000011"
            ]
          }
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
        "13"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000011",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000011",
      "created_at": "Fri Jan 05 16:05:00 +0000 2024",
      "favorited": false,
      "full_text": "Erste Fassung",
      "lang": "de"
    }
  }
]
