"""The policy once more, in fifty lines written from the rules and not from the code."""

TLP = {"CLEAR": 0, "GREEN": 1, "AMBER": 2, "AMBER+STRICT": 3, "RED": 4}

TOO_STRICT_FOR = {"viewer": 2, "assessor": 3, "planner": 4, "humanitarian": 4}


def sees(label, named, purpose, person, place, one_by_one):
    """Walk the rules in order; ``person`` is (role, names), ``named`` None or a set."""
    role, names = person
    level = TLP[label.split(":")[1]]
    forbidden = [
        # 1. the community sees green; assessors what is passed on with a need to know
        level >= TOO_STRICT_FOR.get(role, 5),
        # 2. red is looked at, one by one, and never drawn, found, or sent
        place in {"map", "search", "export"} and level == 4,
        # 3. logs travel with packages, errors into anybody's terminal
        place == "log" and level > 1,
        place == "error" and level > 0,
        # 4. above green, who is not named has nothing; a list limits the open ones too
        named is None and level > 1,
        named is not None and not set(named) & set(names),
        # 5. life-saving records never come before enforcement one by one
        one_by_one
        and purpose in {"life_saving", "mixed"}
        and role in {"viewer", "planner", "assessor"},
        # 6. nor patrols' records before aid
        one_by_one and purpose in {"public_safety", "mixed"} and role == "humanitarian",
    ]
    return not any(forbidden)
