"""What is told of a million posts, once each, and who among them is like whom: on one core, the whole process.

The posts are drawn words with the usual skew, in the length of real ones; one in five has a link, one in three names
somebody, one in a hundred gives thanks, one in twenty is nearly another's. The peer figures are the limits. What was
planted must be found, or the time means nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Row, measured

GROUP, SECONDS = "text", 200

FILL = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
import pyarrow as pa
from datetime import UTC, datetime
from pathlib import Path
from leumund.events import Rows
from leumund.lab import Lab
folder, posts = Path(sys.argv[1]), int(sys.argv[2])
dice = np.random.default_rng(1)
sounds = ["ba", "ter", "lin", "ge", "schau", "mo", "ru", "kel", "an", "stra", "wei", "ti", "fo", "den", "hu", "ver", "zu", "pro", "ein", "lich"]
words = ["".join(dice.choice(sounds, dice.integers(1, 5))) for _ in range(20_000)]
common = ["und", "der", "die", "das", "nicht", "ich", "ist", "mit", "heute", "auch", "wir", "noch", "auf", "ein", "immer"]
chance = 1 / np.arange(1, len(words) + 1); chance /= chance.sum()
with Lab.create(folder) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    for start in range(0, posts, 50_000):
        n = min(50_000, posts - start)
        lengths = dice.integers(4, 26, n)
        drawn = dice.choice(len(words), lengths.sum(), p=chance)
        small = dice.integers(0, len(common) * 2, lengths.sum())
        ends = np.cumsum(lengths)
        texts, who = [], (dice.zipf(1.4, n) % 100_000).tolist()
        luck = dice.random((n, 4)).tolist()
        for i, (end, length) in enumerate(zip(ends.tolist(), lengths.tolist())):
            said = [common[s] if s < len(common) else words[d] for d, s in zip(drawn[end - length:end].tolist(), small[end - length:end].tolist())]
            text = " ".join(said)
            a, b, c, d = luck[i]
            if a < .05 and i > 100:
                text = texts[i - 1 - int(d * 99)].partition(" http")[0] + " " + words[int(b * 999)]
            elif a > .98 and i > 0:  # repeats herself
                text, who[i] = texts[i - 1].partition(" http")[0] + " " + words[int(b * 999)], who[i - 1]
            if b < .33: text = f"@person{int(c * 9999)} {text}" if d < .5 else f"{text} @person{int(c * 9999)}"
            if c < .2: text += f" https://site{int(d * 999)}.example.org/a/{start + i}"
            if d < .01: text = "Danke fürs Teilen, " + text
            elif d > .99: text = f"#FF @person{int(a * 9999)} weil " + text
            texts.append(text)
        at = pa.array((1_735_689_600 + np.sort(dice.integers(0, 31_000_000, n))) * 1_000_000, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        writer.add([Rows(noun="post", table=pa.table({
            "post": [f"p{start + i}" for i in range(n)], "account": [f"acct:u{w}@example.social" for w in who],
            "network": ["mastodon"] * n, "happened_at": at, "text": texts, "visibility": ["public"] * n,
        }))], source="bench")
    writer.compact()
"""
FACTS = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from datetime import UTC, datetime
from pathlib import Path
from leumund.facts import all_facts
from leumund.lab import Lab
with Lab.open(Path(sys.argv[1])) as lab, lab.writing(datetime(2026, 1, 1, tzinfo=UTC)) as writer:
    writer.derive([all_facts()[name] for name in sys.argv[2].split(",")])
"""
ALIKE = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from leumund.facts.likeness import normalised, within
from leumund.lab import Lab
from leumund.measures.conduct.similar import similar_posts
with Lab.open(Path(sys.argv[1]), read_only=True) as lab, lab.tables(as_of=datetime(2026, 1, 1, tzinfo=UTC)) as tables:
    tables.person_by_person()
    tables.define("co_posts", "select post, account, happened_at from posts")
    similar = similar_posts(tables)
    rows = tables.arrow("select account, text from posts qualify row_number() over (partition by account order by happened_at desc, post desc) <= 100")
    author = np.unique(rows["account"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    alike = within(author, [normalised(t) for t in rows["text"].to_pylist()], int(author.max()) + 1)
    posts = int(sys.argv[2])
    # one in twenty was made nearly another's; what is short, answers or names whom it is from is rightly left out
    assert posts / 200 < len(similar) < posts / 10, len(similar)
    assert (alike.likest >= .7).sum() > posts / 2000, (alike.likest >= .7).sum()
"""
_TOLD = "languages,links,recommendations,thanks"


def run(*, small: bool) -> Iterator[Row]:
    """CPU seconds of the facts, of what conduct adds to them, and of looking for likeness."""
    posts = 50_000 if small else 1_000_000
    part = posts / 1e6
    with tempfile.TemporaryDirectory() as tmp:
        folder = str(Path(tmp) / "lab")
        measured(FILL, folder, str(posts))
        facts, _memory = measured(FACTS, folder, _TOLD)
        peer = 150.0 * part + (0.0 if not small else 2.0)  # a process has to start, too
        yield Row(name=f"language, links, names, thanks, recommendations of {posts:,} posts", ours=facts, peer=peer,
                  unit="CPU s", ratio=facts / peer, limit=1.0)  # fmt: skip
        wordings, _memory = measured(FACTS, folder, "wordings")
        alike, _memory = measured(ALIKE, folder, str(posts))
        peer = 120.0 * part + (0.0 if not small else 4.0)
        yield Row(name=f"near-duplicates among {posts:,} posts", ours=wordings + alike, peer=peer, unit="CPU s",
                  ratio=(wordings + alike) / peer, limit=1.0)  # fmt: skip
        manners, _memory = measured(FACTS, folder, "manners")
        peer = 60.0 * part + (0.0 if not small else 2.0)
        yield Row(name=f"how {posts:,} posts are written", ours=manners, peer=peer, unit="CPU s",
                  ratio=manners / peer, limit=1.0)  # fmt: skip
