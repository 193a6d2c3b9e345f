"""Plain words for every term that the pages use."""

TERMS: dict[str, str] = {
    "agency": "The border police and investigators of one country. It decides where its officers "
    "stand, which networks it looks for, and what it tells its partners.",
    "annual report": "At the end of each year the coordinator says what was reached and what "
    "it cost; if it is flexible, it moves money to what worked.",
    "arrest": "Members of a network are taken. What the network can still move depends on which "
    "roles they had; the places are filled again in time.",
    "base": "The scenario as it is, without your changes, played with the same luck. It is the "
    "grey dashed line in every chart.",
    "capability": "Skill, tools and method of an agency, from 0 to 1. Training raises it slowly; "
    "without money the gain fades.",
    "capacity building": "Money for training, tools and advice. It takes half a year to reach the "
    "field, and the second million does less than the first.",
    "case file": "What an agency knows about one network. When it is full enough, an operation "
    "becomes likely.",
    "change": "A lever that takes a new value in some week and keeps it.",
    "clearly better or worse": "The difference is larger than luck would make it, even after "
    "allowing for all primary outcomes that are judged together.",
    "coordinator": "The intergovernmental organisation: it relays intelligence, pays for training "
    "and does what its members have given it a mandate for.",
    "crossing": "An official border post or port, where people and goods are checked.",
    "delay": "Weeks from the day a member reports to the day its partners can read it. Networks "
    "move on meanwhile, so late news is often worth little.",
    "delivered": "What reached a market. This, and not what is seized, is what a policy is about.",
    "deployment": "A rapid response unit is sent to where fresh news points; it needs time to "
    "arrive and stays some weeks.",
    "dismantled": "An operation ended the network; somebody else may take its place.",
    "displacement": "Flow that moves to another border because one was closed. One country's "
    "success can be its neighbour's burden.",
    "exploratory": "An outcome that was not declared as primary before the runs. It has an "
    "interval, but no verdict: of many such outcomes, some differ by luck.",
    "failed": "A network ran out of money and gave up.",
    "fingerprint": "A number that two runs share only if every week of both was the same.",
    "flow": "What passed a border sector unseized in the last year.",
    "founded": "A new network takes the place of one that has ended.",
    "hub": "Where members' reports are kept and passed on after the delay.",
    "in transit": "Goods on their way.",
    "interception rate": "Of all that was seized or delivered, the share that was seized.",
    "interval": "The range in which the true difference lies in 95 of 100 such comparisons.",
    "joint operation": "Several agencies act against one network together, at once.",
    "leak": "Somebody who reads a shared item sells it to the network, which then avoids the "
    "place.",
    "likely better or worse": "By itself the difference is larger than luck would make it, but not "
    "after allowing for all primary outcomes that are judged together.",
    "lever": "Something a policy can set. Everything else is how the world is, or an assumption.",
    "mandate": "What members allow the coordinator: to share news, to coordinate joint teams, to "
    "operate itself.",
    "modus operandi": "How a network hides and moves its goods. When it changes, tips about the "
    "old way lead nowhere.",
    "network": "A trafficking network: leaders, brokers, couriers and others, with money, routes "
    "it knows and an idea of where it is dangerous.",
    "not settled": "The difference could be luck. It does not mean that there is none.",
    "officers on patrol": "How many officers stand on the border, relative to the country's own "
    "number.",
    "operation": "An agency acts against a network and arrests members.",
    "pairs of runs": "The same seed played in both scenarios. What differs is then mostly the "
    "policy, not the luck.",
    "patrol effort": "Officers a kilometre in a border sector. Some stand everywhere, some by "
    "chance, most where much was found lately.",
    "perceived risk": "What networks believe they will lose in a sector. They may be wrong; they "
    "choose their routes by it all the same.",
    "policy": "Levers take new values, as the scenario or you have decided.",
    "prediction": "Analysts see from earlier tips which routes a network is likely to use next, "
    "and say so before anything is found there.",
    "primary outcome": "What a comparison was made to judge: five indicators, unless the scenario "
    "or you name others. Only these get a verdict.",
    "public tip": "Somebody outside the agencies tells what he saw. Campaigns make this more "
    "likely.",
    "ratification": "A member takes the common instrument into its own law, which brings its law "
    "closer to that of the others.",
    "release": "The hub hands an item to the partners whose systems can read it.",
    "scenario": "A world and a policy in one short file that states what differs from its parent, "
    "and why.",
    "sector": "A stretch of border on one country's side.",
    "seed": "A number from which all luck of a run follows. The same seed gives the same run.",
    "seizure": "An agency finds a shipment. Seizures fall when less is sent, so many of them are "
    "no success by themselves.",
    "set by the scenario": "Luck does not touch this value, so the difference is exact: it was "
    "decided, not found.",
    "sharing": "The share of its intelligence that the agreement asks of a member. How much it "
    "really gives depends on trust, law, language and will.",
    "shipment": "One load on its way from a source to a market.",
    "shock": "Something that happens in one week: arrests, or stocks seized.",
    "split": "A network that has lost its leaders falls apart, and a part goes its own way.",
    "task force": "A team of several agencies on one network; a few can be kept at a time.",
    "tip": "A seizure now and then shows which way the network goes. A shared tip is drawn as a "
    "diamond while it waits at the hub.",
    "treatment": "Something that is held for a while: more patrols at a border, a closed market.",
    "trust": "How willing two members are to share. Useful news builds it; giving nothing back "
    "wears it down.",
    "unpredictability": "Share of the patrols that go where nobody can foresee it.",
    "watch": "An agency looks out for one network in one sector, because of a tip.",
    "wreck": "A boat with people on board is in distress; some are rescued, some die.",
}
