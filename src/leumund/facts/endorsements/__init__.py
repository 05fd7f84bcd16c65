"""Does a post recommend people, and whom? The grammar of Follow Friday.

    >>> found = read_post("#FF @anna_k @ben, weil sie erklären, statt zu verkaufen", author="carla")
    >>> found.kind, found.endorsed, found.reason
    ('vote', ('anna_k', 'ben'), 'weil sie erklären, statt zu verkaufen')

Kinds, in the order in which they are looked for:

- **reshare**: another's words: `RT @anna: ...`, also after a comment, and a quote (`“@anna: #FF ...”`)
  whose tag is the quoted one's. A tag and a name of one's own before or beside the foreign words make
  it a vote again (`#FF @ben RT @anna: ...`, `#FF “@anna: ...”` recommends anna).
  Thanks or begging inside a quote, or for it, are the quote's: a reshare.
- **begging**: asks to be recommended or followed (`RT for a #ff`, `chi mi fa un #ff?`, `gib mir ein #ff`),
  also without naming anybody.
- **thanks**: answers a recommendation: a word of thanks, a word like *for*, and the tag
  (`thanks for the kind #FF`, `grazie a @anna per il #ff`, `danke fürs #ff`). *Thanks! #FF @anna* is a vote:
  what is thanked for is something else. `@anna belated thanks #FF`, and no more, is thanks.
- **other**: no tag, nobody named, only oneself named, the tag talked about (`what is #ff?`, `thanks to the
  #ff of @anna I found ...`, `another #ff, @anna?`), advice asked for (`whom should I follow?`), denied
  (`no #ff today`), promised for another day or told as done (`I promise a #ff`, `ho già fatto #ff`), one hashtag
  among others under an argument (`@anna but why don't they forbid it? #moor #ff`), or meant otherwise
  (*#ff Final Fantasy*).
- **vote**: what is left: a tag and at least one other person. Giving back is a vote (`#FF back @anna`,
  `ricambio il #ff`, `danke, #ff zurück`), also where the same post says thanks.

Named in a vote but not endorsed: the author, a source (`via @anna`, `thanks @anna for the tip`), an
exception (`not @anna`, `unfollow @anna`), somebody merely spoken to (`@anna have a look: #FF @ben`,
`@anna ti consiglio @ben #ff`), one named in passing (`#FF @anna, who works at @museum`, `funnier than @ben`),
a handle cut off by the end. After thanks for a recommendation only those it is passed on to are endorsed
(`danke @anna fürs #ff, ich geb's weiter an @ben`).

A reason is what the recommender says of the recommended: a *because*, or words of her own left when
greetings, wishes, thanks, laughter, emphasis (*special*, *big*), weekdays, "back", "to you", hashtags, names and links are
taken away. A bare *perché sì* is none.

Price: rules see one post and no picture; irony without a sign stays unseen. Figures in docs/validity.md.
"""

from leumund.facts.endorsements.grammar import read_post
from leumund.facts.endorsements.record import SENTENCES, Code, Endorsement, PostKind, Why

__all__ = ["SENTENCES", "Code", "Endorsement", "PostKind", "Why", "read_post"]
