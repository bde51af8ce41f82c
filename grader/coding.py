"""Tell which acts a typed reply performs, by readable rules.

A reply is folded (small letters, straight quotes), cut into clauses, and each clause
is held against a table of cues. Tie-breaks then settle what one clause or one reply
cannot be at the same time. Function counts, not form; nothing here judges whether a
reply is good. Where the cues are weak the coder says that it is not sure.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MAX_READ = 10_000  # characters; a longer reply is read up to here and never coded as sure
SURE = 0.6  # confidence from which an act counts as seen rather than guessed
QUESTION_CUE = 0.9  # confidence of an option in the form of a question ("have you tried …")
SCHEDULED = 0.85  # confidence that a question only fixes a time or asks to resend
MAX_QUOTE = 120  # characters of evidence: enough to recognise one's own words


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a reply: where it stands, the words that gave it away, how sure."""

    act: str
    start: int
    end: int
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Coding:
    """The acts of one reply, in the order of the text; ``unsure`` where evidence is weak."""

    acts: tuple[Act, ...]
    unsure: bool

    @property
    def names(self) -> frozenset[str]:
        """The set of acts, without places."""
        return frozenset(act.act for act in self.acts)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that give an act away; ``start`` asks for them at the start of a clause."""

    act: str
    confidence: float
    words: str
    start: bool


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch of the folded reply; ``mark`` is how its sentence ends, '' where unmarked."""

    start: int
    end: int
    text: str
    sentence: int
    mark: str
    first: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A cue found in a clause, from ``start`` in the reply."""

    act: str
    confidence: float
    start: int
    clause: _Clause


# Words in capitals stand for lists, so that a row of the table stays readable.
_LISTS = {
    "LEAD": (
        r"(?:(?:and|or|but|so|well|ok|okay|oh|hey|hi|hello|yeah|yes|no|right|then|also|um|hmm|"
        r"mate|love|honestly|please|pls|plz|like|maybe|perhaps|now|wow|gosh|sorry|look|listen|"
        r"actually|first|can i (?:just )?(?:ask|say|be honest)|may i ask|could i ask|if i (?:may|"
        r"can) ask|if you don't mind(?: me asking| saying)?|i'm curious|i wonder|i was wondering|"
        r"just wondering|out of interest)\b[ ,]*){0,4}"
    ),
    "VERY": (
        r"(?:(?:so|really|very|quite|pretty|just|a|an|bit|too|such|incredibly|awfully|absolutely|"
        r"all|kind of|kinda|sort of|always|still|totally|completely|truly|super|how|like) ){0,3}"
    ),
    "HARD": (
        r"(?:hard\w*|tough|rough|difficult|pain(?:ful)?|awful|horrible|terrible|horrid|heavy|"
        r"heart ?breaking|frustrat\w+|exhaust\w+|tiring|lonely|loneliness|scary|frighten\w+|"
        r"stress\w*|overwhelm\w+|upsetting|unfair|not fair|distress\w*|devastat\w+|confus\w+|"
        r"isolating|worrying|nightmare|shit|crap|rubbish|a lot|lot to (?:carry|take|deal|cope|"
        r"handle|manage)|much to (?:carry|take|deal|cope|handle|bear)|disappoint\w+|hurtful|hurt|"
        r"annoying|draining|unbearable|gutting|sad|challenging|big deal for you|infuriating|"
        r"miserable|humiliating|shocking|unsettling|rotten|grim|tricky|daunting|nerve \w+)"
    ),
    "FELT": (
        r"(?:left out|alone|lonely|angry|sad|scared|afraid|frightened|tired|exhausted|worn|"
        r"drained|hurt|upset|anxious|worried|nervous|ashamed|embarrassed|guilty|stuck|torn|lost|"
        r"overwhelmed|fed up|frustrated|ignored|unheard|invisible|betrayed|let down|disappointed|"
        r"confused|trapped|stressed|hopeless|numb|empty|furious|annoyed|devastated|gutted|"
        r"heartbroken|shaken|low|down|under (?:so |a lot of )?pressure|pulled|unsure|not sure|"
        r"caught|dreading|missing|longing|struggling|hoping|wishing|carrying|juggling|feeling|"
        r"relieved|proud|at the end of)"
    ),
    "TEND": (
        r"(?:strong|brave|courageous|resilient|caring|kind|thoughtful|patient|determined|amazing|"
        r"incredible|a fighter|a survivor|a good \w+|a great \w+|a loving \w+|a strong \w+|"
        r"good at|great at|trying|capable|creative|honest|doing (?:so |really |very )?(?:well|"
        r"great|amazing|good|your best|the best))"
    ),
    "BLAME": (
        r"(?:lazy|selfish|silly|stupid|weak|dramatic|overreacting|over ?sensitive|too sensitive|"
        r"childish|ridiculous|negative|paranoid|needy|in denial|to blame|your own worst enemy|"
        r"pathetic|foolish|ungrateful|immature|unreasonable|irresponsible|naive|careless|spoilt|"
        r"spoiled|rude|jealous|making (?:excuses|a fuss)|playing the victim|"
        r"feeling sorry for yourself|attention|depressed|codependent|bipolar|addicted|an addict|"
        r"an alcoholic|moaning|whining|wallowing|controlling|crazy)"
    ),
    "LABEL": (
        r"(?:idiots?|jerks?|arseholes?|assholes?|narcissis\w+|psycho\w*|scumbags?|losers?|"
        r"bitch\w*|bastards?|pigs?|monsters?|toxic|abusers?|evil|pathetic|cowards?|liars?|"
        r"insecure|prick|twat|dickheads?|a joke|horrible (?:person|people|man|woman)|"
        r"manipulat\w+|selfish|awful person|rude|wankers?)"
    ),
    "KIN": (
        r"(?:mum|mom|mam|dad|mother|father|wife|husband|partner|boyfriend|girlfriend|son|"
        r"daughter|baby|child|kid|brother|sister|nan|gran|grandma|grandad|grandpa|dog|cat|"
        r"marriage|parents|ex)"
    ),
    "SUBJECT": (
        r"(?:you|u|ya|he|she|it|they|that|this|there|your|his|her|the|we|i|any\w*|some(?:one|"
        r"thing|body)|every\w+|things|people|those|these|my)"
    ),
    "AUX": (
        r"(?:is|are|was|were|do|does|did|has|have|had|would|could|can|will|should|might|'s|'re|"
        r"'d|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|hadn't|won't|"
        r"wouldn't|couldn't|can't|shall|am|r)"
    ),
    "DO": (
        r"(?:ring|call|phone|sit (?:down|still)|spread|talk it|tell(?! me\b)|talk to|talk with|"
        r"speak to|speak with|speak up|go(?! (?:on|along|ahead)\b)|get|see(?! you\b| ya\b)|leave|"
        r"dump|drop|block|ignore|stop|quit|start|try|make|write|ask|find|join|"
        r"take(?! (?:your time|care|it easy))|forget|move (?:on|out|back|in)|let (?:it|him|her|"
        r"them)|report|book|sign up|apply|focus|remember|think (?:about|of|positive)|consider|"
        r"give (?:it|him|her|them|yourself|up)|put|set|eat|sleep|drink|pray|look(?: for| at|"
        r" into| after| up)|learn|read|download|practi[cs]e|exercise|meditate|breathe|"
        r"walk(?: away)?|stand up|face|accept|explain|send|text|message|email|show|invite|visit|"
        r"contact|reach out to|open up|sort|work on|change|avoid|keep (?:busy|away|a|"
        r"your distance|trying|on)|do (?:it|this|that|some|what|yourself|not)|be (?:honest|kind|"
        r"patient|careful|more|firm|yourself|nice|strong with)|stay (?:away|calm|off|busy|"
        r"positive)|cut|throw|turn|buy|pay|save|use|check|seek|divorce|confront|apologi[sz]e|"
        r"forgive|trust|distract|relax|calm down|chill|listen to|follow|add|plan|break up|"
        r"end it with|stick)"
    ),
    "CRISIS": (
        r"(?:999|911|112|000|111|988|the police|police|emergency services|an ambulance|ambulance|"
        r"(?:the |a )?crisis (?:line|team|text|number|service)\w*|child protection|"
        r"social services|(?:the )?samaritans|(?:the )?lifeline|a suicide \w+|"
        r"(?:the )?emergency (?:room|department)|a&e|the er)"
    ),
    "SERVICE": (
        r"(?:help ?lines?|hot ?lines?|drop[- ]in|samaritans|lifeline|citizens advice|cruse|"
        r"websites?|charity|foundation|food ?bank|libraries|library|advice (?:centre|center|"
        r"line)|support (?:group|line|service)s?|community (?:centre|center)|student services|"
        r"union rep|job ?cent(?:re|er)|night line|nightline|walk[- ]in|clinics?|benefits?|"
        r"leaflets?|workshops?|courses?)"
    ),
}
_LIST_NAMES = re.compile("|".join(_LISTS))


@functools.cache  # compiled at the first reply, so that importing stays quick
def _pattern(words: str) -> re.Pattern[str]:
    """Compile a row: lists filled in, apostrophes optional, spaces of any width."""
    while _LIST_NAMES.search(words):
        words = _LIST_NAMES.sub(lambda name: _LISTS[name.group()], words)
    words = re.sub(r" (?!\?|[^\[]*\][*+{])", " +", words.replace("'", "'?")).replace(" ?", " *")
    return re.compile(words)


def _cue(act: str, confidence: float, *words: str, start: bool = False) -> _Cue:
    inner = f"(?:{'|'.join(words)})"
    return _Cue(
        act, confidence, f"LEAD(?P<cue>{inner})" if start else rf"\b(?P<cue>{inner})", start
    )


# Each row: the act, how far its words can be trusted, and the words.
# Weak rows (below SURE) only ever make an unsure guess.
_CUES = (
    # --- safety: danger to somebody is asked about, or somebody acts on it (rules 9, 25, 26)
    _cue(
        "safety_step",
        0.95,
        r"(?:are|is|do|will|r) (?:you|u|he|she|they|anyone|everyone|the \w+|your \w+|somebody|"
        r"someone)(?: \w+){0,3} (?:safe|in (?:any )?danger|at risk)\b",
        r"safe (?:right now|tonight|at home|where you are)\b",
        r"(?:think|thinking|thought|thoughts|feel like|feeling like|planning|plan|want|wanted|"
        r"wanting|going|tempted|urge)s?(?: \w+){0,3} (?:suicide|kill(?:ing)? (?:yourself|"
        r"your self)|end(?:ing)? (?:it all|your life|things|it)\b|(?:hurt|"
        r"harm)(?:ing)? (?:yourself|your self|him|her|them|someone|anyone|somebody|the)|"
        r"not (?:being here|wanting to be here|be here)|taking your (?:own )?life|die\b|dying)",
        r"suicid\w+",
        r"(?:is|has|does|did|do|have) (?:he|she|they|anyone|someone|your \w+|he ever|she ever|"
        r"anybody|somebody)(?: \w+){0,2} (?:hit|hits|hitting|hurt|hurts|hurting|beaten|"
        r"threaten\w*|touched|harmed|forced)\b",
        r"(?:ring|call|phone|dial|text|contact|go to|get to|get|going to|take (?:you|him|her) to)"
        r"(?: \w+){0,3} CRISIS",
        r"(?:i'm|i am|i'll|i will|i'm gonna|i need to|i have to|i've got to|let me|let's|"
        r"we need to|i must)(?: \w+){0,4} (?:pass (?:this|that|it) on|tell (?:my|the|"
        r"our) (?:\w+ )?(?:coordinator|supervisor|team|manager|lead\w*|safeguarding\w*|staff|"
        r"trainer|boss)|report (?:this|that|it)\b|get (?:you )?(?:some )?help (?:right )?now|"
        r"ring (?:my|the|our) (?:\w+ )?(?:coordinator|supervisor|lead|manager)|let (?:my|the|"
        r"our) (?:\w+ )?(?:coordinator|supervisor|team|lead) know)",
        r"(?:you|u|she|he) (?:\w+ ){0,2}(?:hurt|harm)(?:ing)? (?:yourself|urself|themsel\w+|"
        r"himself|herself)",
        r"(?:ring|call|get|phone)(?: \w+){0,2} (?:medical help|help (?:right )?(?:now|here))",
        r"get (?:yourself )?(?:somewhere|to somewhere|to a) safe",
        r"(?:have|got|do) you (?:have |got )?a plan to (?:hurt|kill|end|harm)",
        r"anything (?:you could|that could|to) (?:use to )?(?:hurt|harm) yourself",
        r"(?:safeguarding|child protection) (?:team|lead|officer)?(?: \w+)? ?(?:now|today|"
        r"right away)",
        r"is (?:anyone|somebody|someone) with you(?: right)? now",
    ),
    # --- permission: does the peer want a suggestion, story or information (rules 10, 11)
    _cue(
        "permission",
        0.9,
        r"(?:(?:do|would|did) (?:you|u) )?(?:just )?(?:want|like|fancy|need|prefer|up for|"
        r"open to)(?: to (?:hear|get|have|know|discuss|explore|look at|talk (?:about|through)|"
        r"think about))?(?: (?:an?|some|any|my|a few|a couple of|about|or|just|me|me to|a bit of|"
        r"more|help with|with|other|another))* (?:ideas?|advice|suggestions?|tips?|opinion|"
        r"thoughts|input|info\w*|experience|story|options?|what (?:helped|worked|i did)|"
        r"how i (?:coped|dealt|got|did|managed)|share (?:my|something|what))\b",
        r"(?:would|is|are) (?:you|it|u)(?: be)? (?:ok|okay|alright|all right|open|useful|helpful|"
        r"willing|happy|good|interested|fine|up)(?: with| to| for| in)?(?: if| me| you)*(?: (?:i|"
        r"to|me|hear|hearing))*(?: (?:shared?|sharing|suggest\w*|offer\w*|told|tell\w*|say|said|"
        r"gave|give|giving|talked|talk|hear|ideas?|some|an?|my|you|suggestions?|advice|hearing|"
        r"what|input|discuss\w*))+\b",
        r"(?:can|could|may|might|shall|should) i (?:please |maybe |perhaps |just )?(?:share|"
        r"suggest something|suggest an? (?:idea|thing|option)|offer|tell you (?:about|what|how|"
        r"something)|give you (?:an?|some|my)(?: \w+)? ?(?:idea|advice|tip|suggestion|opinion|"
        r"info)\w*|make a suggestion)",
        r"(?:mind|ok|okay|alright|all right) if i (?:share|shared|suggest|suggested|tell|told|"
        r"offer|offered|give|gave|say|said|make|made|add)\w*",
        r"(?:shall|should|do you want me to|want me to|would you (?:like|rather|"
        r"prefer)(?: me to)?) ?i? ?(?:just )?listen\b",
        r"(?:or|want|just|you) (?:need |want |do you |you |would you )*(?:just )?(?:to )?(?:vent|"
        r"be heard|get it off your chest|offload|someone to listen|a listening ear|rant)\b",
        r"(?:can|could|may|shall) i suggest$",
        r"(?:do|would) (?:you|u) (?:want|like|care) (?:me )?to (?:hear|know) (?:it|about it|more|"
        r"them|that|one)\b",
        r"(?:do |would )?(?:you |u )?(?:just|rather|prefer|only) ?(?:need|want|like|"
        r"prefer)? ?(?:me |someone )?to (?:just )?(?:talk|listen|vent|be heard)\b",
        r"would (?:you|u) (?:like|want) (?:me )?to (?:hear|share|suggest|know) (?:what|how|about|"
        r"my|an?|some|something)",
        start=True,
    ),
    # --- tentative suggestions: theirs to take or leave (rules 12, 13, 18)
    _cue(
        "tentative_suggestion",
        0.9,
        r"(?:have|had|did|hav|has) (?:you|u) (?:ever |maybe |already |perhaps |by any chance |"
        r"also )?(?:tried|try|thought (?:of|about)|think (?:of|about)|consider(?:ed)?|"
        r"looked (?:into|at)|look (?:into|at))(?! (?:any\w*|what|how|it(?: through)?$|this|that|"
        r"yourself|why|which|who)\b)",
        r"(?:ever |you )(?:tried|thought (?:of|about)|considered)(?! (?:any\w*|what|how)\b) \w+",
        r"(?:what|how) about (?!you\b|u\b|now\b|today\b|that\b|yourself\b|your (?:self|day|"
        r"week)\b)\w+",
        r"what if (?:you|u|we)\b",
        r"(?:here are|two thoughts|three thoughts|a few thoughts|(?:two|three|some|"
        r"a few) (?:things|ideas|options) to (?:talk|think|try|look|weigh|consider))\b",
        r"(?:just a thought|a thought)\b",
        r"(?:(?:what|how) (?:do|would) (?:you|u) (?:think|say)|how would (?:you|"
        r"u) feel) (?:about|of|to|if) (?:\w+ing|an? |you |we |the idea|maybe|perhaps)",
        r"would (?:you|u) (?:ever )?(?:consider|be open to|be up for|think (?:about|of)|"
        r"be willing to|feel able to|want to try)\b",
        r"could (?:you|u) (?:maybe |perhaps |possibly |not )?(?:try|ask|talk|speak|see|write|go|"
        r"take|call|ring|get|use|join|start|have|do|find)(?! me\b)\b",
        r"(?:would|could|might) (?:it )?(?:\w+ing (?:\w+ ){0,5}(?:help|work|be)|it (?:help|"
        r"be (?:an option|possible|useful|worth|helpful|good)|work) (?:to|if you|for you to))",
        r"(?:do|d'?) ?(?:you|u) (?:think|reckon|feel) (?:it |that |you )?(?:could|would|might|"
        r"\w+ing)(?! (?:help you|feel|be going)\b).{0,60}\b(?:help|worth|work|could|try|talk|ask|"
        r"useful)",
        r"i wonder (?:if|whether) (?:you|it|\w+ing|a |the |some|there).{0,50}\b(?:could|might|"
        r"would|help)",
        start=True,
    ),
    _cue(
        "tentative_suggestion",
        0.85,
        r"(?:maybe|perhaps|possibly) (?:you|u|we|it) (?:could|can|might|may|would)\b",
        r"(?:maybe|perhaps) (?:try\b|.{1,40}\b(?:could|might|may|would) (?:help|work|be))",
        r"(?:you|u|we) could (?:maybe |perhaps |always |possibly |also |even |both |"
        r"either )?(?!be\b|not\b|have\b|see (?:that|how)|hear|feel|tell me\b|tell (?:that|he|she|"
        r"it)\b|do (?:this|it)\b|say\b|cope\b)\w+",
        r"(?:you|u|we) (?:can|may|might)(?: also| maybe| always| even)? (?:try|want to|like to|"
        r"wish to|find|consider|think about|ask|talk to|speak to|look (?:at|into|for)|start|"
        r"write|join|use|go to)\b",
        r"(?:it|that|this|which|\w+ing) (?:might|could|may) (?:be (?:worth|an option|an idea|"
        r"useful|helpful|something|good|nice)|help|work for)",
        r"(?:an?|one|another|the other|other) (?:options?|ideas?|thing|thought|possibility|way|"
        r"suggestion|approach)(?: \w+){0,3} (?:is|are|could|might|would|may|be)\b",
        r"(?:could|might) be an (?:option|idea)",
        r"(?:some|other|many|a few|most) (?:people|folks|others|of us|ppl|friends|members|peers|"
        r"mums|dads|parents|lads)(?: i know| here| like| in .{3,20})? (?:find|like|write|say it|"
        r"do|try|use|go|keep|get|make|have found|found|tell|ask|start|talk|set|take|choose|"
        r"prefer|join|swear|split|bring|put)\b",
        r"(?:might|could) (?:be )?worth (?:a (?:try|go|shot|chat|look)|\w+ing)",
        r"worth (?:a try|a go|a shot|trying|a thought|considering)",
        r"if (?:you|u) (?:want|like|fancy|feel like it|felt like it|wanted|feel up to it|"
        r"feel ready) (?:to |you (?:can|could) |maybe )?(?:try|there's always)",
        r"could (?:try|always)\b",
        r"you'?(?:re| are) (?:welcome|free) to try",
    ),
    # --- directive advice: also hidden in a question or a story (rules 12 to 16, 18, 20)
    _cue(
        "directive_advice",
        0.9,
        r"(?:you|u|ya) (?:both |all |two |just |really |also |still |definitely |probably |"
        r"first |maybe |do |simply )*(?:should(?! have\b| of\b| be (?:so |very |"
        r"really )?(?:proud|pleased|ashamed))|need to|needs to|have to(?! be kidding)|"
        r"must(?! (?:be|have|feel|find|miss|want|really|also|still|really be)\b)|ought to|got to|"
        r"gotta|gotto|better|want to (?:get|stop|start)|just need|only need)",
        r"you'(?:ve|d) (?:really |just )?(?:got to|gotta|better|be better|best)\b",
        r"(?:you|u) (?:mustn't|must not|can't just|cannot just)\b",
        r"why (?:don't|dont|do not|not|wouldn't|doesn't) (?:you |u )?(?:just |simply |maybe |"
        r"try )*(?!know|want|like\b|feel|think|believe|say|we\b|tell me|fill me|start by tell)\w+",
        r"(?:if (?:i was|i were|it was|it were|i'm) (?:you|u|me)\b|were i you|in (?:your|"
        r"ur) (?:place|shoes|position)(?! i'?d (?:feel|be)))",
        r"(?:don't you think (?:you|it's time)|shouldn't (?:you|u)|can't (?:you|u) just|"
        r"couldn't (?:you|u) just|can (?:you|u) not just|could (?:you|u) not just|"
        r"isn't it (?:time|better)|wouldn't it be better)",
        r"(?:my advice|my tip|my suggestion|what i'd do|what i would do)\b",
        r"i(?:'d| would)? (?:really |strongly |highly |honestly )?(?:suggest|recommend|advise|"
        r"urge|encourage)(?! something)\b",
        r"(?:best|only|easiest|first|main|right|smart) (?:thing|way|option|bet|move|"
        r"step)(?: \w+){0,8} (?:is|would be|to do)\b",
        r"(?:it's|its|high) time (?:to|you|for)",
        r"(?:it's|its|it is) (?:so |really |very )?(?:important|essential|crucial|best|better|"
        r"vital) (?:to|that you|you)\b",
        r"what needs to happen",
        r"all (?:you|u) (?:need|have) (?:to do|is)",
        r"promise me (?:you|that)",
        r"(?:so|and|honestly|should|,) (?:do (?:that|the same|this)|do what i did|go for it)\b",
        r"it(?:'s| is| will be| would be) (?:better|best) (?:to|if you|for you)",
        r"i(?:'d| would) (?:just |honestly |definitely |personally |probably |ditch|"
        r"seriously )*(?:DO)\b(?! (?:it|that) (?:felt|feels|like))",
        r"just (?:DO)\b",
        r"you (?:are going to have to|will have to|'ll have to)",
        r"what you (?:need|want|have|should)(?: to do)? (?:is|do)",
    ),
    _cue(
        "directive_advice",
        0.85,
        r"(?:just |please |first |then |always |never |definitely |simply |honestly just |"
        r"seriously )?(?:DO)\b(?! me (?:more|about|what|how)\b| (?:it|that|this) (?:sounds|is|"
        r"was|must)\b|ting|ing)",
        r"(?:do not|don't|never|dont ever|don't ever|don't even) (?!worry|know|think (?:that|it|"
        r"i|you're)|blame|forget (?:i|we|you)|mind|have to|be (?:sorry|silly|afraid|scared|hard)|"
        r"feel|panic|apologi|mention|beat|hesitate|need to|give up)\w+",
        r"let's (?!see|hear|talk|meet|catch|chat|say|start with how)\w+",
        r"(?:make sure|be sure to|remember to|don't forget to)",
        r"go (?:and |to |talk |see |get |on and )",
        r"(?:you )?do (?:it|that)$",
        start=True,
    ),
    # --- boundary: a limit of role, time, secrecy, competence or own needs (rules 17, 25, 27)
    _cue(
        "boundary",
        0.9,
        r"i(?:'m| am) (?:not|only|just) (?:really )?(?:an? |your )?(?:\w+ )?(?:therapist|doctor|"
        r"counsell?or|lawyer|nurse|professional|qualified|trained|peer|volunteer|social worker|"
        r"psychologist|expert|psychiatrist)\b",
        r"i(?:'m| am) not (?:able|allowed|in a position|comfortable|here to|the right person|"
        r"qualified|trained|on (?:shift|duty|call)|around (?:on|at|after|until))",
        r"i (?:can't|cannot|can not|couldn't|am unable to|'m unable to|won't be able to|"
        r"wouldn't be able to) (?:lend|give (?:you )?(?:my|money|legal|medical|financial|a|any|"
        r"advice)|keep (?:that|this|it|everything|a)|promise|be (?:here|there|available|your|on)|"
        r"advise|diagnose|prescribe|meet|message|text|answer|reply|talk (?:after|past|all|at|"
        r"every|about my)|chat (?:after|past|all)|do that|tell you (?:what|which|whether)|decide|"
        r"go (?:with|into)|say (?:what|which|whether)|take (?:calls|that|this|on)|stay|support|"
        r"help (?:you )?with|guarantee|be your|discuss|speak to|see you outside)",
        r"(?:as a|as your|being a|i'm a|i am a|just a|only a) (?:\w+ )?(?:peer|volunteer|"
        r"supporter|buddy|befriender)\b.{0,60}\b(?:not|can't|cannot|don't|only|isn't|limit\w*|"
        r"won't)",
        r"(?:not|isn't|is not) (?:mine to|my (?:place|role|job|call|decision|area)|part of my|"
        r"in my role|something i can|for me to)",
        r"i (?:can|could|will|would|'ll|may) only (?!imagine|hope|hear|see|say|think)\w+",
        r"(?:outside|beyond|out of|more than) (?:my|what i|what my|the) (?:role|can|limits?|remit|"
        r"training|'?m able|know\w*|peer)",
        r"i(?:'d| would| might| may| will| do|'ll)? (?:have to|need to|must|'ve got to|gotta|"
        r"be obliged to) (?:\w+ ){0,2}?(?:report|stop|finish|pass (?:it|that|this) on|"
        r"tell (?:someone|somebody|my|the|our)|share (?:it|that|this)|break|end (?:here|at|our)|"
        r"keep|act on|let (?:my|the|our|someone)|speak to (?:my|the|our)|log off at|"
        r"look after myself|leave at|go at)",
        r"(?:that|this|which) i (?:would|'d|will|'ll|might) (?:have to|need to)",
        r"i (?:stop|finish|log off|am done|'m done|close|go offline|leave|switch off|don't work)"
        r"(?: \w+){0,2} (?:at|after|by|on|before|past|weekends|evenings)\b",
        r"i(?:'m| am)? (?:only |usually |just )?(?:available|here|around|online|free|working|"
        r"on shift) (?:only |just )?(?:until|till|til|between|from|on|mon|tues|wed|thurs|fri|sat|"
        r"sun|for (?:another|\d+|an|half))\w*",
        r"we (?:only )?(?:have|'ve got|finish|stop|end|meet|can talk)(?: \w+){0,3} (?:until|till|"
        r"at \d|left|minutes|for (?:an|one|half|\d+)|only)",
        r"i (?:don't|do not|never) (?:lend|give (?:out|advice|my|money)|work|answer (?:messages|"
        r"calls|after)|do (?:calls|messages|that|weekends|nights)|take (?:calls|messages)|"
        r"meet (?:outside|people)|share (?:my|that)|reply (?:after|at|on)|feel (?:comfortable|"
        r"able|ok|qualified)|have the (?:training|skills|capacity|knowledge))",
        r"(?:private|confidential|secret|between us|stays? (?:here|with me|"
        r"between))\b.{0,40}\b(?:unless|except|apart from|but if)",
        r"(?:unless|except if|except when) (?:i think|i'm worried|someone|somebody|you|anyone|"
        r"there's|there is|a child|i believe|i hear).{0,40}\b(?:risk|danger|harm\w*|hurt|safe\w*|"
        r"unsafe)",
        r"i'?d (?:rather|prefer) not (?:talk|say|share|go|to|discuss|answer|meet|give)",
        r"i(?:'m| am) (?:away|off|on leave|on holiday|out) (?:from|until|till|next|on|for)\b",
        r"i (?:need|'ll need|have to take|am going to take|'m taking) (?:a break|some (?:rest|"
        r"time|space)|time off|to rest|space|to look after myself|an early night)",
        r"(?:this (?:group|service|line|chat)|we) (?:is |are )?(?:only |just )?(?:for|serves?|"
        r"support) (?:people|students|adults|under|over|those|carers|parents)",
        r"can't (?:promise|keep (?:it|that|this)(?: a)? (?:secret|to myself|private|between))",
        r"my (?:limit|limits|boundary|boundaries|hours|shift)\b",
        r"only (?:on |until |till |between )(?:\w+ )?(?:days?|weekdays|mondays?|tuesdays?|"
        r"wednesdays?|thursdays?|fridays?|\d+|five|six|seven|eight|nine|ten)\b",
        r"that(?:'s| is) (?:a|one|something) (?:for|question for) (?:a|your|the) (?:doctor|gp|"
        r"lawyer|nurse|professional|pharmacist|therapist)",
        r"too much for me (?:to|right|at)",
    ),
    # --- judgement: blame, argument, moral, diagnosis, motives (rules 6, 15, 23, 24)
    _cue(
        "judgement",
        0.9,
        r"(?:you|u) (?:really |just |probably )?should(?:n't| not)? (?:have|of|'ve)\b",
        r"(?:you|u) (?:really )?(?:shouldn't|should not) (?:be|feel|think|even|still|let|"
        r"complain|get (?:so|upset))\b",
        r"(?:it's|its|that's|this is|is|all|entirely|partly|was) (?:all |really |kind of |"
        r"partly |also )?your (?:own )?(?:fault|doing)",
        r"(?:brought|bring|did|done) (?:it|this|that|all this) (?:all )?(?:on|to) yourself",
        r"(?:you're|you are|you were|your|ur|youre|stop) (?:clearly |obviously |just |being |"
        r"a bit |so |too |such a |really |only |always |very |probably |making yourself |"
        r"getting )*(?:BLAME)\b",
        r"(?:overreact|exaggerat|blow(?:n|ing)? (?:it|this) (?:all )?out of proportion|"
        r"attention[- ]seek|grow up\b|man up|pull yourself together|(?:need|have|should|"
        r"got) (?:to )?get over|snap out of|get a grip|suck it up|toughen up|deal with it$)\w*",
        r"(?:what|why|how) (?:on earth|the hell|the heck|did you expect|were you thinking|"
        r"could you (?:be|let|do|just))\b",
        r"what(?:'s| is) wrong with (?:you|u)\b",
        r"why (?:didn't|did not|haven't|hadn't) (?:you|u) (?:just |even |ever |at least |bother |"
        r"simply |do something|speak up|leave|say something|tell (?:someone|anyone)|stop)",
        r"why (?:would|are|did|do) (?:you|u) (?:even |always |still |let(?:ting)? |keep |"
        r"put(?:ting)? up |stay(?:ing)? with |bother|ever )",
        r"have (?:you|u) even\b",
        r"(?:an|a|such an?|what an?|bunch of|total|complete|absolute|'s|is|are|sounds|"
        r"sounds like an?) (?:\w+ )?(?:LABEL)\b",
        r"(?:because|cause|cos|coz) (?:he's|she's|they're|he is|she is|they are|you're|you are|"
        r"you|hes|shes) (?:just |clearly |so |obviously |too |never |always |didn't |don't |"
        r"won't )*(?:insecure|jealous|BLAME|LABEL|never|always|refuse|like|let)",
        r"(?:he|she|they)(?:'s| is|'re| are)? (?:clearly |obviously |just |only |probably |"
        r"really )+(?:doesn't |don't |want\w* |us(?:es|ing) |jealous|trying|love|care|insecure|"
        r"doing)",
        r"the (?:real|actual) (?:problem|reason|issue|truth)",
        r"deep down (?:you|u)\b",
        r"(?:you|u) (?:just|only) (?:want|need|like) (?:attention|sympathy|pity|a reaction|"
        r"to (?:win|control|punish|be right|complain|moan))",
        r"(?:you|u) (?:just|only|really just|clearly|obviously|always|never) (?:say|do|think|"
        r"expect|complain|moan|blame|need attention|avoid|run|give|let|love|make|listen|wait|"
        r"stay|don't|aren't|can't|feel sorry|refuse)",
        r"(?:you (?:probably |clearly |obviously |definitely |must |might )*have|"
        r"sounds like(?: you have)?|that's|it's|this is) (?:a |an |classic |clinical |"
        r"definitely |clearly |probably |some (?:sort|kind) of |a case of )*(?:depression|ptsd|"
        r"anxiety disorder|bipolar|adhd|codependen\w+|borderline|personality disorder|trauma|"
        r"an eating disorder|ocd|burn ?out|attachment \w+|denial|addiction|gaslighting|"
        r"a breakdown)",
        r"(?:that|it|this)(?:'s| is| was)? (?:just |an? |a bit |so |really |very |pretty |quite |"
        r"only |such )*(?:stupid|silly|wrong|selfish|a bad idea|ridiculous|immature|no excuse|"
        r"not an excuse|an excuse|excuses?|nonsense|lazy|childish|irresponsible|disgusting|"
        r"not (?:true|right|how)|pathetic|foolish|weak|dumb|a mistake|unreasonable|ungrateful|"
        r"not (?:good|very) (?:enough|\w+) of you)\b",
        r"(?:not|isn't|hardly) (?:that|so) (?:hard|difficult)\b",
        r"you made your (?:own )?bed",
        r"(?:other|lots of|plenty of) people (?:manage|cope|have (?:real|bigger))",
        r"(?:i|we) (?:disagree|don't agree|don't believe you|doubt)\b",
        r"yes,? but (?:you|that|he|she)\b",
        r"(?:ashamed|disappointed|disgusted) (?:of|in|at|with) you",
        r"(?:if|had) you (?:had |'d |hadn't |only |just )+(?:listened|\w+ed)\b",
        r"you (?:let|made|allowed|caused|chose|asked for|deserve[d]?) (?:him|her|them|it|this|"
        r"that|to)\b(?! be loved)",
        r"you (?:lack|refuse|failed|overthink|worry too much|expect too much|think too much)\b",
        r"no wonder (?:he|she|they|nobody|no one|people|your|everyone)",
        r"(?:a )?good (?:mother|father|mum|dad|mom|parent|friend|wife|husband|son|daughter|"
        r"person) (?:would|wouldn't|doesn't|does)",
        r"your attitude",
        r"(?:far|way|much) too long|let (?:it|this|things|yourself) (?:go on|go|get|slide)\b",
    ),
    _cue("judgement", 0.9, r"(?:just )?get over (?:it|yourself|him|her|this)\b", start=True),
    # --- affirmation: a strength, an effort, thanks for sharing (rules 22, 23)
    _cue(
        "affirmation",
        0.9,
        r"(?:thank(?:s| you| u)|thx|cheers|ta)(?: \w+){0,3} (?:for|that you) (?:\w+ )?(?:shar\w+|"
        r"tell\w+|told|trust\w*|open\w*|being (?:so )?(?:honest|open|brave)|say\w*|reach\w+|"
        r"lett\w+|talk\w+|confid\w+|speak\w+|explain\w*|writ\w+|your (?:trust|honesty|openness|"
        r"courage|story)|bringing)",
        r"(?:glad|happy|pleased|grateful|honou?red|relieved|touched|good)(?: \w+){0,2} (?:you|"
        r"u)(?:'re|'ve| are| have)? (?:\w+ )?(?:told|reaching|telling|sharing|talking|asking|"
        r"getting|making|doing|trying|taking|looking|opening|being|shared|reached|said|came|felt|"
        r"could|were able|trusted|wrote|spoke|asked|mentioned|opened|can|feel able|brought|"
        r"messaged|rang|called|let)",
        r"(?:i|we) (?:really )?(?:appreciate|value|respect|admire) (?:you|your|that you|how|u|"
        r"it that)\b",
        r"(?:well done|good (?:for|on) (?:you|u|ya)|good (?:job|work|stuff)|great (?:job|work)|"
        r"nice (?:one|work|job)|proud|kudos|congrat\w+|hats off|fair play|respect to you|bravo)",
        r"(?:took|takes|taken|take|shows?|showed|showing|needs|needed) (?:\w+ ){0,4}(?:guts|"
        r"courage|strength|bravery|effort|nerve|patience|determination|resilience|bottle)",
        r"(?:shows|tells me|says) (?:just |me )?(?:how (?:much|strong|brave|deeply)|a lot about|"
        r"that you (?:care|are|love))",
        r"(?:you're|you are|you were|you've been|you must be|your|ur|youre|you sound|"
        r"you seem) (?:being |clearly |already |obviously |actually |doing )*VERY(?:TEND)\b",
        r"(?:you|u) (?:really|clearly|obviously|so) (?:care|love) (?:about|so|for|deeply|a lot|"
        r"very|your|him|her|them)",
        r"(?:brave|courageous|strong|big|huge|great|good|impressive|amazing|real|"
        r"massive) (?:of you|step|move|thing to do|achievement|effort|progress)",
        r"(?:that|it|this)(?:'s| is| was)? (?:VERY)(?:brave|courageous|impressive|an achievement|"
        r"something to be proud of|strong of you|progress|amazing (?:that )?you|great that you|"
        r"good that you|wonderful that you|kind of you)",
        r"(?:great|good|amazing|lovely|brilliant|wonderful) (?:that )?(?:you|u) (?!could|"
        r"feel better|had fun)\w+",
        r"(?:you|u)(?:'ve| have)? (?:kept|keep|managed|handled|coped|survived|made it|"
        r"got through|gotten through|stuck (?:with|at)|stood up|held (?:on|it)|pushed through|"
        r"persevered|found the|worked (?:so |really )?hard|come (?:so |this |a long |"
        r"really )?(?:far|way)|done (?:so |really |very |a )?(?:well|much|great|amazing|"
        r"brilliantly|an? \w+ job|everything)|did (?:so |really |very )?(?:well|great|"
        r"the right thing|everything|brilliantly|your best|a (?:good|great|brave) \w+|"
        r"an amazing)|put (?:so|a lot)|tried (?:so |really |very )?(?:hard|everything|many)|"
        r"already (?:got|made|done|did|took|know|found)|still (?:got|went|came|managed|showed|"
        r"turned|get|found|made))",
        r"(?:it|that) (?:hurts|matters|bothers you|worries you) (?:so much )?because (?:you|"
        r"u) (?:care|love|\w+ value)",
        r"i (?:can see|see|can tell|notice\w*|hear) (?:how |that )?(?:much |hard |"
        r"you )*(?:effort|try|tried|care|strong|strength|work\w*)",
        r"(?:your|ur) (?:strength|courage|bravery|effort|efforts|honesty|patience|kindness|"
        r"resilience|love for|determination|hard work|persistence|loyalty)",
        r"impress(?:ed|ive)\b",
        r"not (?:everyone|many people|many) (?:would|could|can|have|manages?|do)\b",
        r"(?:you|u)(?:'re| are|r) still (?:turning|showing|going|trying|here|standing|fighting|"
        r"getting|managing|looking)",
        r"(?:you|u) care (?:so|deeply|a lot|about)\b|you deserve (?:a medal|credit|praise|"
        r"recognition)",
        r"you(?:'ve| have) (?:already )?(?:found|thought|given|taken|worked out|planned|come up|"
        r"named|got (?:\w+ )?(?:ideas|ways|plans?|options))\b(?! advantage)|"
        r"you have (?:\w+ )?(?:ideas|ways|plans)\b",
        r"(?:you|u) know (?:your (?:boys|girls|kids|children|son|daughter|own|family)|him|her|"
        r"them) ?(?:best|well|better)?",
        r"gave it (?:your best|a (?:good )?go|everything)",
        r"(?:respect|love|like|admire) (?:that|how) you\b",
    ),
    # --- own story: the speaker's own experience, not a third person's (rules 19, 20)
    _cue(
        "own_story",
        0.9,
        r"(?:been there|same here|happened to me|same (?:thing )?(?:happened|with me|for me|"
        r"as me)|right there with (?:you|u)|(?:i'm|i am) in the same (?:boat|situation|"
        r"position)|i was (?:in )?(?:the|your) (?:same|shoes|exact))",
        r"when (?:i (?:was|had|lost|got|first|went|felt|started|left|moved|tried|split|came|"
        r"broke|became|struggled|failed|lived|quit|stopped)|my)\b",
        r"i(?: also| too| once| have| myself| never| even| actually| just| recently| nearly|"
        r" almost| always| sort of| really| still| first| both| only)* (?:lost|went through|"
        r"had (?!no idea|to (?:go|run|leave|dash|pop)|a (?:thought|look|think|quick))|"
        r"felt (?!sad (?:reading|hearing)|bad (?:reading|hearing|for))|struggled|used to|"
        r"remember|experienced|left|divorced|failed|quit|stopped (?:drinking|smoking|using|going|"
        r"eating|sleeping|talking|my)|moved|got (?!your|the message|it\b|you\b|that\b|to (?:go|"
        r"run|dash)|a minute)|fell|cried|suffered|battled|burnt out|burned out|broke|relapsed|"
        r"dealt with|coped|lived|grew up|came out|couldn't (?:sleep|get|eat|face|stop|cope|leave|"
        r"stand|even|do|go|talk)|didn't (?:sleep|know what|eat|tell|want to|think i|feel|have)|"
        r"hated|dreaded|dropped out|hid|took (?:\w+ )?(?:months|years|antidepressants|meds|"
        r"time off|pills|a)|tried (?!to (?:call|ring|reach|phone|get hold))|ended up|found (?:it|"
        r"that|out|my|\w+ing|writing|the (?:first|nights|days))|kept \w+|began|started|"
        r"learn(?:ed|t)|did (?:the same|that|it|exactly)|was (?:also |so |in |a |really |very |"
        r"terrified|scared|depressed|lonely|bullied|made redundant|diagnosed|fired|sacked|angry|"
        r"homeless|the same|like (?:that|this|you)|exactly|on |at |there|\w+ed\b))",
        r"i(?:'ve| have)(?: also| too| had| myself| actually)? (?:been (?!thinking|wondering|"
        r"meaning|told|trying to (?:reach|call|ring|get)|asked|busy|off sick)|had|felt|gone|"
        r"struggled|lost|lived|dealt|experienced|suffered|battled|got (?:the same|kids|anxiety|"
        r"depression|bipolar)|faced)\b",
        r"in my (?:own )?(?:case|experience|life)",
        r"same$",
        r"i(?:'m| am) still (?:struggling|dealing|grieving|learning|working on)",
        r"(?:helped|worked for|saved|got|kept|took) me\b",
        r"(?:what|thing that) (?:helped|worked for|got) me",
        r"for me,? (?:it|personally|the|that|what|\w+ing)",
        r"my (?:own )?(?:KIN) (?:also )?(?:died|passed|left me|left|walked out|broke up|"
        r"was dying|was diagnosed|ended)",
        r"my (?:KIN) (?:\w+ ){1,4}me (?:too|as well|once)\b",
        r"i (?:get|have|feel|struggle|suffer|live|do)(?: \w+){0,6} (?:too|as well|myself|also)\b",
        r"i (?:have|live with|suffer from|struggle with|deal with|got|"
        r"get) (?:\w+ )?(?:depression|anxiety|bipolar|adhd|ptsd|ocd|panic attacks|"
        r"an eating disorder|the same|insomnia|autism)",
        r"i(?:'m| am) (?:also |myself )?(?:divorced|in recovery|bipolar|an alcoholic|autistic|"
        r"a widow\w*|a single|sober|a survivor|a carer|a recovering)",
        r"(?:felt|feel) (?:exactly )?(?:the same|like that|that way)(?: way)? (?:when|after|too|"
        r"once|myself)",
        r"i know (?:it|that|this|the feeling)? ?(?:from (?:my own|experience)|only too well|"
        r"because i)",
    ),
    _cue(
        "own_story",
        0.65,
        r"i (?:also |just |once |then |never )?(?!wanted|wondered|hoped|asked|called|noticed|"
        r"messaged|worried|checked|mentioned|received|posted|need|reached|promised|appreciated|"
        r"missed|looked|heed|enjoyed|liked)\w{2,}ed\b",
        start=True,
    ),
    _cue("own_story", 0.9, r"me (?:too|as well|neither)\b", r"for me\b(?! to\b)", start=True),
    # --- information: a named service, number, date, or neutral fact (rules 18, 26)
    _cue(
        "information",
        0.85,
        r"(?:\+?\d[\d ()-]{5,}\d|\d{3} \d{3}|www\.|https?:|\w+\.(?:org|com|net|gov|co\.uk|nhs)\b)",
        r"(?:is|are|was|'s) (?:open|free|due|closed|based|held|run by|available|called|at \d|"
        r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day|usually|normally|legal|required|paid|"
        r"confidential)\b",
        r"(?:opens?|closes?|runs?|meets?|starts?|costs?|lasts?|takes?|ends?) (?:\w+ )?(?:every|"
        r"on|from|at|until|about|around|up to|usually|\d|£|\$|€|between|each|weekly|six|two|"
        r"three|four|five|ten)",
        r"(?:deadline|helpline|hotline|freephone|opening hours|office hours|fact sheet|factsheet)",
        r"(?:there's|there is|there are|theres|they have|they've got|we have|we've got|"
        r"you'll find) (?:also |a |an |some |the |several |lots of |one |two |loads of |"
        r"many )*(?:\w+ ){0,4}(?:SERVICE|group|service|charity|line|centre|center|office|form|"
        r"app|team|fund|scheme|nurse|adviser|advisor|meeting|number|meetings)",
        r"(?:called|named|known as) (?:the )?[\w' ]{3,}",
        r"(?:by law|legally|entitled|eligible|you qualify|the rule is|statutory|under the)",
        r"(?:research|studies|statistics|evidence|the nhs|according to|surveys?|scientists|"
        r"experts|a study|guidelines)(?: \w+){0,2} (?:shows?|say|says|suggests?|found|finds?|"
        r"recommend|the|have)",
        r"(?:\d+|two|three|four|five|six|seven|eight|ten|twelve|a few|several|half of|most|"
        r"one in \w+) (?:weeks?|days?|hours?|months?|percent|per cent|%|minutes|sessions|"
        r"of people|out of)\b",
        r"(?:depression|anxiety|grief|alcohol|the (?:tablets|medication|meds|treatment|symptoms|"
        r"brain|body)|panic attacks?|insomnia|caffeine|antidepressants|withdrawal|menopause|"
        r"trauma|stress|therapy|cbt) (?:is|are|can|often|usually|affects?|takes?|causes?|comes?|"
        r"lasts?|makes|works|may|helps)\b",
        r"you (?:can|could|may) (?:also )?(?:apply|register|claim|book|get (?:it|one|help|"
        r"support|a|them)|find (?:it|them|one|the)|download|self[- ]refer|reach them|call them|"
        r"contact them|ring them|pick)\b.{0,40}\b(?:online|at|through|from|on|in|via|by|without|"
        r"for free|free)\b",
        r"(?:the|that|this|their|our|a) (?:SERVICE|form|office|gp surgery|surgery|council|"
        r"university|bank|school|exam|landlord|law|tenancy|chemist|pharmacy|union|bus|app|"
        r"meeting|class|group)\b(?: \w+){0,3} (?:has|have|offers?|gives?|provides?|opens?|runs?|"
        r"is|are|needs?|can|does|do|will|must|sends?|lets?|helps?)\b",
        r"(?:citizens advice|samaritans|shelter|cruse|relate|childline|mind|al-?anon|aa|lifeline|"
        r"turn2us|women's aid|age uk|refuge|nightline|youthline|step ?change|student services|"
        r"nami|beyond ?blue) (?:is|are|has|have|can|offers?|gives?|provides?|runs?|help|helps|do|"
        r"does|will|answers?)\b",
    ),
    # --- reassurance: comfort, prediction, minimising, comparison (rules 21, 22, 28)
    _cue(
        "reassurance",
        0.9,
        r"(?:it|it'll|it will|it's|things|things'll|things will|everything|everything's|"
        r"everything will|that|he'll|she'll|they'll|you'll|you will|u will|you are|you're|all|"
        r"this)(?: will| is|'ll| are| gonna| going to| going|gonna| all| soon| definitely|"
        r" surely| just| probably| totally| eventually| always| only| to| in the end|"
        r" most likely)* (?:be |get |work |turn |come |gets |works |turn out |feel )+(?:all |so |"
        r"much |absolutely |just |perfectly |a lot |over |a bit )*(?:fine|ok|okay|alright|"
        r"all right|better|great|over|out|right|easier|past|good|through|happy|in no time)\b",
        r"(?:don't|dont|do not|try not to|no need to|stop|not to|"
        r"nothing to) (?:\w+ )?(?:worry\w*|panic\w*|stress\w*|be (?:scared|afraid|sad|hard on|"
        r"silly|so hard|upset)|feel (?:bad|guilty|sad|ashamed|like)|blame yourself|beat yourself|"
        r"cry|give up)",
        r"at least\b(?! (?:once|two|three|\d|one|four|a week|ask|try|talk|tell))",
        r"(?:could|can) (?:be|have been) (?:a lot |much |so much )?worse|(?:others|other people|"
        r"some people|people) (?:\w+ )?(?:have it|are|had it) (?:much |a lot |far |way )?worse|"
        r"worse off",
        r"(?:you're|you are|youre|your|ur|u r|u are) (?:definitely |really |certainly |"
        r"so )?(?:not|never) (?:alone|the only|a (?:bad|failure|burden|terrible|horrible))",
        r"(?:everyone|everybody|we all|all of us|most people|lots of people|loads of people|"
        r"many people|plenty of people|we've all)(?: \w+)? (?:feels?|goes|go|gets?|has|have|"
        r"struggles?|makes?|been|experiences?|does|do|fails?|says|been there)\b(?! (?:says?|"
        r"told))",
        r"happens to (?:everyone|everybody|the best|all of us|a lot|lots|us all|many)",
        r"(?:not|isn't|ain't|never|wasn't|none of (?:it|this) (?:is|was)) (?:all |"
        r"really )?(?:your|ur) fault",
        r"(?:you'?(?:ve)?|u|you have) (?:got|can do|gotta) (?:this|it\b)",
        r"(?:hang in there|stay strong|cheer up|chin up|keep smiling|keep (?:going|your chin|"
        r"your head|fighting|the faith|at it)$|stay positive|there there|head up|onwards and)",
        r"(?:time (?:heals|will (?:heal|tell|help))|this too (?:shall|will) pass|(?:it|"
        r"this)(?:'ll| will| soon| always)* pass(?:es)?\b|bright side|silver lining|more fish|"
        r"plenty of fish|everything happens|happens for a reason|meant to be|better off without|"
        r"blessing in disguise|light at the end|tomorrow is a(?:nother)? |sun will|for the best)",
        r"(?:you'll|you will|you're going to|you are going to|u will|ull|you'll soon|"
        r"you're gonna) (?:soon |definitely |surely |all |just |always |easily |"
        r"eventually )*(?:get|find|feel|manage|make|come|bounce|do|be|meet|look back|laugh|see|"
        r"survive|smash|pass|ace|cope|pull)\b(?! (?:sorry|alone|worse|bad|hurt|stuck|late|left|"
        r"it (?:at|in|on)|them (?:at|in|on)|a letter))",
        r"i(?:'m| am) (?:very |quite |pretty |absolutely |so |really )?(?:sure|certain|positive|"
        r"confident) (?:that )?(?:it|you|he|she|they|things|everything|your|this|the|u|someone)",
        r"(?:it|that|this)(?:'s| is)? (?:really |just |only |honestly )*(?:nothing|no big deal|"
        r"not (?:that|so) bad|not the end|just a (?:phase|bad|job|exam|test|blip)|only a|a phase|"
        r"perfectly normal|totally normal|completely normal|normal|very common|really common|"
        r"so common)\b(?! to feel)",
        r"i (?:totally |completely |exactly |really )?(?:know|understand) (?:exactly |"
        r"just )?(?:how (?:you|u|it|that) (?:feel|feels|felt)|what (?:you're|you are|it's|its|"
        r"it is|that's|that is) (?:going|like|feeling))",
        r"i (?:promise|swear|won't tell|will never tell|would never tell|will not tell|"
        r"'ll never tell|'ll keep)\b(?! you (?:what|which|to))",
        r"(?:your|ur|the) secret(?:'s| is)? safe|(?:just|stays?|strictly|only|keep (?:it|"
        r"this)) between (?:us|you and me|the two)|(?:nobody|no one|no-one) (?:else )?(?:will|"
        r"would|'ll) (?:ever )?(?:know|find out|hear)|everything (?:you (?:say|tell me) )?(?:is |"
        r"stays )(?:\w+ )?(?:secret|confidential|with me)$",
        r"believe in (?:yourself|urself)",
        r"(?:it|that|this)(?:'ll| will| is going to| is bound to) work\b",
        r"never did me (?:any )?harm",
        r"(?:i'?m |i am )?(?:fine|ok|okay|alright) now$",
        r"(?:you|u) (?:can|could) (?:totally |definitely )?(?:do|get through|beat|handle|manage|"
        r"survive) (?:this|it|anything)",
        r"(?:you|u) (?:deserve|are worth) (?:so much |much |way )?(?:better|more|it|happiness|"
        r"love)",
        r"we(?:'ll| will) (?:get|all get|get you) through",
        r"(?:no big deal|nothing to worry|no need to worry|worse things happen|nobody's perfect|"
        r"no one is perfect)",
        r"(?:you're|you are|youre) (?:still )?(?:so )?(?:young|better than (?:that|this|him|her))",
        r"(?:he|she|they)(?:'s| is| are|'re| was| were)? (?:probably |surely |just |"
        r"likely )+(?:busy|tired|having a|didn't mean|stressed|means? well|will|fine)",
    ),
    # --- reflection: content restated, a feeling named or validated (rules 7, 21, 23)
    _cue(
        "reflection",
        0.9,
        r"(?:that|this|it|what|which|these|those|things|all|he|she|they)(?: all| really| just|"
        r" all of it| last bit)?(?: must| has| have| can| could| would|'d| may|"
        r" might)?(?: to)?(?: have| just| really| all)*(?:'s| is| was| be| been| sounds?|"
        r" sounded| seems?| seemed| looks?| feels?| felt| had been| are| were| makes?|"
        r"'re)(?: \w+)? ?(?:like |as if |as though )?(?:VERY)(?:HARD)\b",
        r"(?:must|sounds?|seems?|feels?|looks?) (?:VERY)(?:like |as if |as though |be |"
        r"have been |feel |have felt )*(?:VERY)(?:HARD|FELT)\b",
        r"(?:it |that |this )?(?:sounds?|seems?|looks|feels|sounded) (?:to me )?(?:a bit |"
        r"almost |more |very much )?(?:like|as if|as though|that) (?:you|your|he|she|it|they|"
        r"there|things|the|part|everything|a|this|work|nobody|no|life|u|being|that|not|losing|"
        r"one|nothing|some)\b",
        r"(?:no wonder\b(?! (?:he|she|they|nobody|people|everyone)\b)|anyone would|anybody would|"
        r"who wouldn't|i believe (?:you|u)\b|of course (?:you|it|that)|no surprise|"
        r"not surpris\w+|i'm not surprised)",
        r"(?:it|that|this)?(?: all| really| totally| completely)?(?: makes?| make|"
        r" made)(?: \w+)? sense\b",
        r"(?:understandable|understandably|that's valid|your feelings are valid|"
        r"you have (?:every|a|the) right to (?:feel|be)|you're (?:allowed|right) to (?:feel|be))",
        r"(?:it's|its|it is|that's|that is) (?:perfectly |totally |completely |"
        r"absolutely )?(?:ok|okay|alright|all right|normal|natural|fine|human) (?:to|that you|"
        r"for you to) (?:feel|be|cry|not|have|grieve|miss|want|still|need)",
        r"(?:i|we) (?:can |do |could |really )?(?:hear|see|imagine|tell|sense|feel|get|"
        r"understand|notice) (?:that |how |why |the |from |in |what )+(?!mean\b)(?:\w+)",
        r"(?:i|we) (?:hear|feel) (?:you|u|for you|the)\b",
        r"what i(?:'m| am)? hear(?:ing)?\b|if i(?:'ve)? (?:understand|understood|hear|heard|got)|"
        r"(?:so )?(?:you're|you are) (?:saying|telling me)|from what you(?:'re| are|'ve)? (?:say|"
        r"said|tell|told|describ)",
        r"(?:you|u|you've|you have)(?: are|'re| were|'ve been| have been| must be|"
        r" must have been| must)? (?:feel|felt|feeling|been feeling|sound|seem|must feel|must be|"
        r"must have|must find|must miss|look) ?(?:VERY)(?!better soon|free|you can|you could|"
        r"good about)\w+",
        r"(?:you're|you are|youre|your|you were|you've been|u r|u are|you have been|leaves you|"
        r"left you|leaving you|makes you|made you|making you|has you) (?:VERY)(?:really |"
        r"clearly |in a lot of |left |been |by |feel |obviously |also |both |now )*(?:FELT|HARD|"
        r"sick of|in (?:pain|two minds|a tough|a hard|a difficult)|going through|dealing with|"
        r"grieving|wondering|trying to (?:work|figure|make)|doing (?:it|this|everything|"
        r"all) (?:all )?(?:alone|on your own|by yourself)|at your (?:limit|wits))\b",
        r"(?:part of you|one part|on (?:the )?one (?:hand|side)|a side of you|half of you)",
        r"(?:you|u) (?:really |still |just |also |both |only |do |so )*(?:miss|wish|hoped|wanted|"
        r"long|longed|loved|expected|worry|fear|hate|dread|feared|want (?:him|her|them|it|to be|"
        r"things|someone|people|your|more)|don't want|don't know (?:where|what|who|how|if|"
        r"whether)|can't (?:sleep|stop|see|face|stand|get)|were hoping|lost|had (?:no|so|"
        r"a (?:hard|bad|rough|tough|long)|enough)|thought (?:he|she|they|it|you)|never (?:got|"
        r"had|expected|know)|needed (?:him|her|them|someone|more|a)|trusted)\b",
        r"(?:how|what a|what an) (?:VERY)(?:HARD|heavy|thing to|shock|blow|loss|week|day|"
        r"time|mess|load)\b(?! (?:is|are|did|do|have|has|was|long))",
        r"(?:that|it) (?:would|'d|'s|must|will) (?:really |also |have )?(?:annoy|upset|hurt|"
        r"scare|make|worry|frustrat|drive|get to|bother|shake|sting|knock)\w*",
        r"(?:that|it|this) (?:really |must |still |just |clearly |must have |has )*(?:hurts?|"
        r"hurt you|stings?|stung|matters (?:to|a lot)|weighs?|meant (?:a lot|so much|the world)|"
        r"means (?:a lot|so much)|upset you|scared you|shook you|knocked you|worries you|"
        r"bothers you|gets to you|frightened you|takes it out)\b",
        r"i(?:'d| would) (?:be|feel) (?:VERY)(?:FELT|annoyed|the same|HARD)\b",
        r"(?:a lot|so much|too much|a great deal) (?:on your (?:plate|mind|shoulders)|"
        r"to (?:carry|deal|cope|take|handle|manage|hold)|going on)",
        r"(?:that|this|it|which|what) (?:really |totally |just |so )*(?:sucks?|sux|stinks)\b",
        r"that's (?:not fair|unfair|so unfair|rough|tough|shit|rubbish|awful|horrible|a lot|big|"
        r"huge|heavy)\b",
        r"like (?:nobody|no one|no-one|nothing|you're|you are|you can't|you have no|everyone|"
        r"you don't)\b.{3,}",
    ),
    _cue(  # the peer's own words come back
        "reflection",
        0.65,
        r"you (?:also |both |then |already |just |only |even )?(?:\w{3,}ed\b|(?:said|had|found|"
        r"got|went|came|took|gave|told|made|left|knew|cried|woke|ate|slept|stood|saw|heard)\b|"
        r"(?:have|'ve got|'ve had) (?:an?|two|three|so|no|a lot)\b)",
        start=True,
    ),
    # "so …" sums up, unless a question word or an auxiliary follows it
    _cue(
        "reflection",
        0.8,
        r"so (?:for you |really |basically |right now |now |then |mainly |deep down |it seems |"
        r"at the moment )?(?:you|u|it's|its|it is|it was|it wasn't|it isn't|he|she|they|your|"
        r"the (?!plan\b)|things|nobody|no one|everything|part|both|even|all|on|there's|there is|"
        r"that's (?:what|why|been|when)|this|not|after|with|when|work|since|it (?:feels|felt|all|"
        r"hasn't|has|keeps|started))\b(?! (?:should|need|must|could|can|have to|got to|better|"
        r"will|up to you|your (?:choice|decision|call))\b)",
        start=True,
    ),
    _cue("reflection", 0.5, r"i (?:totally |really )?(?:get|understand|see)(?: it| you| that)?$"),
    # --- open questions: seek free description; invitations count (rules 4, 5)
    _cue(
        "open_question",
        0.9,
        r"(?:how|hows|how's) (?:(?:AUX)(?: (?!long|many|old|often|much)\w+)|you|u|things|it|your|"
        r"life|everything|come\b|would|exactly|r u|else|best|are|did)",
        r"(?:what|wat|whats|what's) (?:(?:AUX)(?= (?!(?:your|his|her|the|their) (?:name|age|"
        r"number|address|postcode|date|time|job)\b))|happened|made|makes|make|helps|helped|else|"
        r"kind|sort|part|parts|bit|exactly|feels|felt|matters|worries|worried|brings?|brought|"
        r"keeps|kept|goes|went|comes|you|u|thoughts|ideas|about (?:you|u|now)\b|do|did|would|"
        r"might|could|are|led|got|was|is|sorts|things|bits|on your|scares|changed|options|other|"
        r"in particular|stopped|gets|gives|stands|worked|works|has|have|\w+ (?:ideas|things|"
        r"thoughts|options|support|help) (?:do|have|did|are|would))",
        r"what(?:'s|s) (?!(?:your|his|her|the|their) (?:name|age|number|address|postcode|date|"
        r"time)\b)\w+",
        r"what \w+s (?:have|has|do|did|does|are|were|would|could)\b",
        r"(?:in )?(?:what|which) (?:way|ways|sense|respect)\b",
        r"why (?:do|did|does|is|are|was|were|have|has|so|now|that|would|can't|didn't|doesn't|"
        r"might|then|not sure)\b",
        r"why$",
        r"why (?:don't|not) (?:you |we )?(?:tell me|fill me in|start (?:by|with))",
        r"(?:could |can |would |will |please |maybe |feel free to |so |do you want to |"
        r"want to )?(?:you |u )?(?:like to |want to |please |care to |be able to |be willing to |"
        r"just |maybe )?(?:tell me|say|describe|talk me|walk me|explain|share|talk|"
        r"help me understand|expand|fill me in)(?: me| to me| with me| a bit| a little| some|"
        r" any)*(?: more| about| what| how| through| on| why| everything| it| of)+\b(?! over\b|"
        r" with (?:him|her|them)\b)",
        r"(?:could|can|would) (?:you|u) (?:tell|say|describe|explain|share|talk|"
        r"give me)(?! (?:me )?(?:if|whether|when|who|where)\b)",
        r"i(?:'d| would)? (?:love|like|be (?:glad|happy|interested)|want|am (?:glad|happy)|"
        r"really like) to (?:hear|know|understand|listen to) (?!(?:if|whether|you'?re safe)\b)",
        r"i(?:'m| am) (?:curious|interested|wondering) (?:about|how|what|to hear|to know)",
        r"i (?:wonder|was wondering) (?:how|what|why)",
        r"do (?:you|u) (?:want|feel like|fancy|wanna) (?:to )?(?:say|tell|talk|share|saying|"
        r"telling|talking|sharing|telling me|go into|chat)\b(?! to (?:him|her|them|your|a|"
        r"someone|my|the))",
        r"(?:wanna|want to|would (?:you|u) like to|care to|like to|fancy) (?:say|tell|talk|share|"
        r"talking|chat|go into)\b(?! to (?:him|her|them|your|a|someone|my|the))",
        r"(?:is there )?anything (?:else )?(?:you'd|you would|you|u) (?:like|want|'d like|need|"
        r"feel like) to (?:say|share|tell|talk|add|get off)",
        r"(?:say|tell me|go on,? tell me|do tell|tell us) more",
        r"tell me(?! (?:you're|you are|if|whether|when|where|who|your name)\b)\b",
        r"go on$",
        r"help me (?:to )?understand",
        r"(?:any (?:ideas|thoughts|plans) (?:on|about|of))\b",
        start=True,
    ),
    # --- closed questions: yes or no, a choice, or one fact (rules 5, 8)
    _cue(
        "closed_question",
        0.9,
        r"how (?:long|many|often|much|old|far|soon|big|late|early|likely|bad (?:is|was|on)|"
        r"recent\w*)\b",
        r"(?:who|whom|who's|whos|whose)(?:'s)? (?:AUX|else|with|at|in|from|to|knows?|told|said|"
        r"lives?|looks?|helps?|you|there|supports?|do|did)\b(?! wouldn't)",
        r"(?:when|where|when's|where's|wheres|whens) (?:AUX|about|abouts|exactly|from|did)\b",
        r"which (?:\w+ )?(?:\w+ )?(?:AUX|one|of|day|part|feels|matters|do|did|you|u|would)\b",
        r"(?:what|whats|what's|wat) (?:time|day|date|year|age|month|grade|(?:is |'s )?(?:your|"
        r"his|her|the|their) (?:name|age|number|address|postcode|date|time|job))\b",
        r"since when\b",
        r"(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should|am|shall|might|"
        r"isn't|aren't|wasn't|weren't|don't|doesn't|didn't|haven't|hasn't|hadn't|won't|wouldn't|"
        r"couldn't|can't|r) (?!(?:some\w*|any\w*|every\w*|this|that|it|"
        r"things)$)(?:SUBJECT)\b(?! (?:have a|best|all you|be honest|just say|say|be frank)\b)",
        r"(?:shall i|shall we|would you (?:rather|prefer|like)|do you want me|want me to|"
        r"need me to|would it help if i|should i)\b",
        r"(?:did|do|does|have|has|is|are|was|were) (?!all|some|not|to|it|so|"
        r"the best)(?:\w+ ){1,3}(?:know|say|help|happen|told|been|ring|call|tell|there|still|"
        r"live|seen|new|get|think|feel|notice|come|ok|okay|better|hard)\b.*$",
        r"(?:you|u) (?:ok|okay|alright|all right|good|doing ok|well|coping|safe)\b(?: today| now|"
        r" hun| mate)?$",
        r"(?:everything|all|it all) (?:ok|okay|alright|good)\b",
        r"any (?:news|luck|better|joy|family|support|friends|chance|idea|one|word|change|"
        r"improvement|side)\b",
        start=True,
    ),
    # --- other: courtesy, logistics, presence, pace (rules 1 to 3, 27); only ever alone
    _cue(
        "other",
        0.8,
        r"(?:hi|hello|hey|hiya|good (?:morning|evening|afternoon|night)|morning|bye|goodbye|"
        r"see (?:you|ya)|cya|welcome|nice to (?:meet|see|hear)|kia ora|g'?day|cheers|ta|ok|okay|"
        r"sure|yes|yeah|yep|no|nope|right|mm+|uh huh|hmm+|i see|got it|oh|ah|aw+|lol|haha|great|"
        r"cool|fine|thanks|thank you|thank u|thx|you're welcome|no problem|no worries|"
        r"my pleasure|any ?time|of course|alright|all right|wow|really|gosh|absolutely|exactly|"
        r"true|best wishes|all the best|fingers crossed|sounds good)\b\W*(?:\w+\W*){0,3}$",
        r"(?:good luck|thanks|thank you|nice to (?:meet|see|hear)|welcome)\b",
        r"(?:it's|its|it is|that's|thats) (?:really )?(?:up to you|your (?:choice|decision|body|"
        r"call)|fine|ok|okay|alright)\b",
        r"take (?:your time|care)|take it easy",
        r"let me know|keep me posted|(?:drop|send) me a (?:line|message|text)|message me|text me|"
        r"(?:call|ring) me (?:when|if|any)|i'?m (?:all ears|listening|here|around|with you|"
        r"only a)|i am (?:here|listening|with you)|here (?:for|if) you|i'm not going any|"
        r"no (?:rush|hurry|pressure)|whenever (?:you're|you are|you|suits)|at your own pace|"
        r"in your own time|you can (?:always )?(?:talk|message|write|come|tell|text|ring|"
        r"call) (?:to )?(?:me|anytime|any time|here|us)|i(?:'ll| will) (?:be (?:here|there|"
        r"thinking)|answer|reply|write|get back|message|text|call|ring|see|come|meet|bring|try|"
        r"do|listen|wait|stay|lend|send)|sit with|talk (?:soon|later|tomorrow)|speak (?:soon|"
        r"later)",
        r"(?:i'm|im|i am|so|really|very|deeply)? ?(?:so |really |very |truly )?sorry\b",
        r"(?:i |i do |i really |i just |i'm )?(?:hope|wish|thinking of|praying for|"
        r"sending)(?: you)?\b",
        r"(?:same|usual) (?:room|time|place|day|table|bench|spot)",
        r"(?:could|can|would|please) ?(?:you|u)? ?(?:please )?(?:resend|re-send|send (?:it|that|"
        r"the|me|your)|repeat|type that|say that) ?(?:again|once more|\w+)?|(?:message|"
        r"text) (?:didn't|did not|got)|didn't come through|missed (?:that|the|your)|cut off",
        r"(?:driving|in a meeting|at work|on the bus|got to (?:go|run|dash)|have to (?:go|run|"
        r"dash)|need to (?:go|run)|gotta (?:go|run)|brb|back in|will (?:answer|reply|write|"
        r"get back|message))\b",
        r"(?:i|we) (?:can|could|would|'d|will|'ll)(?: \w+){0,2} (?:lend|meet|be (?:friends|"
        r"there)|come|print|drive|bring|help|send|write|add you|swap|show)\b",
        r"(?:happy|merry) (?:birthday|christmas|new year)|enjoy\b|have a (?:good|nice|lovely|"
        r"great)|sleep well|rest well|get some rest|happy to (?:chat|talk|listen|help)",
        r"(?:i won't|i'm not (?:going|here) to|not going to|i don't want to) (?:tell|say|push|"
        r"judge|pry)",
        r"i(?:'m| am)? (?:listen|hear|read)\w*\b",
        start=True,
    ),
)
_EARLIER_WINS = {  # in one clause the act on the left is the function (rules 6 to 9, 13)
    "safety_step": (
        "directive_advice", "tentative_suggestion", "closed_question", "open_question",
        "reflection", "permission", "affirmation", "reassurance",
    ),
    "judgement": (
        "open_question", "closed_question", "tentative_suggestion", "reflection",
        "directive_advice",
    ),
    "permission": (
        "open_question", "closed_question", "tentative_suggestion", "directive_advice", "own_story",
        "information", "reflection", "boundary", "reassurance",
    ),
    "tentative_suggestion": ("open_question", "closed_question", "reflection", "information"),
    "directive_advice": ("open_question", "closed_question", "reflection"),
    "boundary": ("directive_advice", "reflection", "own_story", "information", "closed_question"),
    "own_story": ("reflection", "directive_advice"),
    "affirmation": ("reflection", "closed_question"),
    "reassurance": ("reflection",),
    "open_question": ("closed_question", "reflection", "information", "affirmation"),
    "reflection": ("information",),
    "closed_question": ("information", "reassurance", "reflection", "other"),
}  # fmt: skip
_RIVALS = (  # acts that pull apart: a clause that shows both is read with doubt
    {"judgement", "reflection"},
    {"judgement", "affirmation"},
    {"judgement", "reassurance"},
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_QUOTES = {ord(mark): "'" for mark in "‘’‛′`´ʼ"} | {ord(mark): '"' for mark in "“”„«»"}
_SENTENCE = re.compile(
    r"(?:[^.!?…\n]|\.(?=\d|\w+\.|(?:org|com|net|co|uk|gov|ie|nz|au|ca)\b))+[.!?…]*"
)
_BREAK = re.compile(
    r"[,;:()–—]+|(?<= )-+(?= )|--+| (?:but|although|though|unless|then)(?= )| (?:and|so|or|plus|"
    r"also)(?= (?:i|i'?m|i'?ve|i'?d|you|u|he|she|it|they|we|that|that'?s|how|what|why|who|when|"
    r"where|do|did|does|are|is|have|would|could|can|just|maybe|don'?t|tell|go|ring|call|then|"
    r"there|if|thank|thanks|shall|try|get|see|talk|take|ask|let|stop|some|my|your|good|make|"
    r"write|leave)\b)"
)
_RESTART = re.compile(  # a new clause that lay writers do not mark with a comma
    r" (?=(?:how (?:are|is|was|were|did|do|does|long|many|often|has|have|would|you feeling)|"
    r"what (?:happened|do|did|does|is|was|are|would|have|has|made|helps|helped|else)|whats|"
    r"what's|(?:do|did|have|are|were|would|could|can|will|is|was) (?:you|u|he|she|they|there|"
    r"anyone|it)|tell me|that'?s|that (?:sounds|must|is)|it sounds|sounds like|(?:you|"
    r"u) (?:should|need to|could|must|might)|thank (?:you|u)|thanks for|(?:don'?t|do not) worry|"
    r"why (?:don'?t|not|did|do)|i (?:lost|had|went|was|felt|know|hear|can|am|used|remember|think|"
    r"would)|i'?(?:m|ve|d)|if i (?:was|were)|who (?:is|are|do|did)|shall i|it'?(?:s|ll)|"
    r"no wonder|maybe|perhaps|at least|well done|just (?:ring|call|go|tell|leave|talk|try|stop|"
    r"get)|when (?:did|do|is|was|are)|where (?:did|do|is|was|are))\b)"
)
_LINKS = _words(  # words that tie what follows to what stands before
    "a about after all am an and any are as at because been before but by can did do does dont "
    "even ever exactly feel felt for from had has have he hear heard her him his how i if im in "
    "is it its just know knows like many may maybe me might more much my no not now of on only "
    "or our out perhaps really remember said say saying says see she should so some tell than "
    "that thats the their them then there they thing things think thinking this to understand "
    "understanding until very was way we were what whatever when where whether which while who "
    "why will wish with wonder wondering would you your youre asked ask matter sure imagine "
    "where's what's i'm you're it's that's the tells means mean wants don't didn't can't where "
    "also please could i've i'd does honestly something everything anything nothing person "
    "people one time day reason thats told hope must u guess bet long many often much old far "
    "feels sounds seems looks believe glad happy sorry afraid worried promise suppose"
)
_ENGLISH = _words(
    "a about after all am an and any are as at be been but by can could day did do does don't "
    "dont feel felt for from get glad go going good got had hard has have he hear her here hey "
    "hello him his how i i'm if im in is it it's its just know let like lot may maybe me more "
    "much my need no not now of ok okay on one or our out really right safe say see she should "
    "so some sorry sound sounds take talk tell thank thanks that that's thats the them then "
    "there they think this time to too try u up want was we week well were what when where which "
    "who why will with would yes you you're your youre ring call help only because always never "
    "who's have has been being something someone things thing people into over by back each "
    "every much many other own even still such than just also ever again away where here doing "
    "done make made give gave keep kept went came life home work bit love hate wrong sad mad "
    "tired stop leave ask asked told said hi sure okay thx pls ur im ive dont cant"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_HANDED_BACK = (
    r"\b(?:up to you|your (?:call|choice|decision|own call)|only if you (?:want|like|feel)|"
    r"(?:may|might) not be (?:you|for you|right)|take it or leave it|no pressure|see if it fits|"
    r"if (?:that|it) (?:suits|fits|feels right)|you (?:decide|know best|choose)|or not)\b"
)
_HEDGED_SHOULD = r"\b(?:maybe|perhaps|possibly|might) (?:you |u )?should"
_PUSHED = r"\b(?:honestly|seriously|really need|just do|trust me|definitely|for god)\b"
_QUOTED = (
    r"\b(?:(?:people|they|others|friends|parents) (?:\w+ )?(?:say|tell|think|want|expect|keep)|"
    r"(?:people|they|others|friends|everyone|everybody|he|she|(?:my|your|"
    r"the) \w+)(?: \w+)? (?:says|said|tells|told|telling|thinks|wants|expects|keeps? (?:saying|"
    r"telling)))\b"
)
_ENDORSED = r"\b(?:as|like) (?:my|they|the|he|she)\b.{0,20}\b(?:says?|said|told)|is right\b|agree\b"
_NOT_ADVICE = (
    r"\b(?:not|never|won't|don't want|can't|wouldn't)(?: \w+){0,3} (?:tell|say|telling|"
    r"saying)\b(?: \w+){0,3}|\b(?:you |u )(?:don't|do not|never|didn't) (?:have|need) to|(?:do|"
    r"did|does|what|when|how|why|who)(?: \w+){0,3} (?:you|u)(?: \w+){0,3} (?:should|need|have to|"
    r"must)|\b(?:if|when|whenever|any ?time|until|as|all|what|because|cos) (?:you|u) (?:ever |"
    r"just |really )?need|\b(?:feel|felt|like|as if|thought|because|that|where|when|"
    r"what) you(?:'ve| have)? ?(?:should|need to|have to|must|had to|got to)"
)
_PART_OF_OPTION = (
    r"LEAD(?:how|what|does|would|is|could|do)(?:'s)? (?:does |do |would )?(?:that|it|this|"
    r"you)(?: \w+)? ?(?:sound|think|feel|help|work|appeal|fit|suit|something|ok|okay|seem|reckon|"
    r"be)\w*(?: (?:to|for|like|of|about|something|ok|right|you|that|it|useful|good|could|try|"
    r"those|these|them|any|either|this|from|where|are|idea|ideas|each|way))*$"
)
_PART_OF_REFLECTION = (
    r"LEAD(?:(?:is|have|did|do|am|does|would|was)(?:n't)? (?:that|i|it|this)(?: \w+)? ?(?:right|"
    r"about right|understand\w*|fair|sound right|got (?:that|it) right|get (?:that|it) right|fit|"
    r"close|it|how it (?:is|feels)|what you mean|hear\w*|make sense)(?: \w+){0,2}|is it|right|"
    r"isn't it|is that it)$"
)
_RELATIVE = r"(?:who|which|when|where|what|how|have|has|do|does|is|are)\b"  # "…, who lives near."
_ASKING = r"[\s,]*(?:and |but |so |ok |okay |oh |well )*(?:what|how|which|who|where|when|why)\b"
_OPENING = r"(?:and |but |so |or |then )*(?:what|how|why)\b(?! (?:if|about|an?)\b)"
_FILLER = (
    r"\W*(?:or\b.*|can i (?:just )?(?:be (?:honest|frank)|say something)|yeah|yes|ok|okay|right|"
    r"all right|alright|sorry|really|no|huh|eh|mm+|hm+|oh)\W*"
)
_ABOUT_PEER = r"(?:and |but |so |oh |well )*(?:you|you're|your|it|it's|they|he|she|that's|there)\b"
_FIRST_PERSON = r"(?:and |but |so |well |oh |also )*(?:i|i'm|im|i've|ive|my|we|when i)\b"
_TELLS = (
    r"(?!'?(?:d|ll)\b)(?! (?:could|can|would|will|might|hope|wish|care|love|think|know|guess|"
    r"mean|see|hear|get)\b)"
)
_ACTING = r"\b(?:pass|tell|ring|call|report|get|let|speak|contact)\b"
_SCHEDULING = (
    r"\b(?:same (?:room|time|place|day)|work(?:s)? for you|suit(?:s)? you|what time (?:shall|"
    r"should|do|are) (?:we|i)|(?:when|where|shall|can|could|should|will|are|do) (?:shall |"
    r"should |do |are |can )?(?:we|you want to) (?:\w+ )?(?:meet|meeting|catch up|"
    r"talk (?:tomorrow|again|on)|reschedule|move|chat (?:tomorrow|on|at))|(?:\d{1,2}|two|three|"
    r"four|five|six|noon) ?(?:am|pm|o'clock)? ?(?:ok|okay|good)\b.{0,10}$|(?:does|is|would|"
    r"how about|what about) (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:re)?send (?:it|that|"
    r"your|the)(?: \w+)* again|say that again|repeat that|come through)"
)


def code_reply(reply: str, prompt: str = "") -> Coding:
    """Tell the acts of one reply.

    Parameters
    ----------
    reply : str
        As typed; at most `MAX_READ` characters of it are read.
    prompt : str
        What the peer said before. The rules do not need it; a better coder may.

    Returns
    -------
    Coding
        Each act once, with a true piece of the reply as evidence; no act where
        there is nothing to go by.
    """
    folded = _fold(reply[:MAX_READ])
    if not _is_english(folded):
        return Coding((), unsure=True)
    clauses = list(_clauses(folded))
    seen = [_clause_hits(clause) for clause in clauses]
    doubtful = any(pair <= set(hits) for hits in seen for pair in _RIVALS)
    hits = _settle([hit for hits in seen for hit in _settle_clause(hits)], clauses)
    hits = hits or _guess(clauses)
    acts = tuple(_act(reply, hit) for hit in _once_each(hits))
    weak = not any(act.confidence >= SURE for act in acts)
    return Coding(acts, unsure=weak or doubtful or len(reply) > MAX_READ)


def _fold(text: str) -> str:
    """Return small letters and straight quotes, of the same length so that places stay true."""
    text = text.translate(_QUOTES)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := mark.lower()) == 1 else mark for mark in text)
    return "".join(" " if mark.isspace() and mark != "\n" else mark for mark in lower)


def _is_english(folded: str) -> bool:
    """Tell whether rules for English can say anything: Latin letters and some common words."""
    words = _WORD.findall(folded)
    if not words:
        return False
    letters = "".join(words)
    if sum(letter.isascii() for letter in letters) < 0.85 * len(letters):
        return False
    known = sum(word.partition("'")[0] in _ENGLISH for word in words)
    return len(words) < 4 or known >= 0.2 * len(words)


def _clauses(folded: str) -> Iterator[_Clause]:
    """Cut into sentences, then at marks, joining words, and unmarked new starts."""
    for number, sentence in enumerate(_SENTENCE.finditer(folded)):
        text = sentence.group()
        mark = "?" if "?" in text[-4:] else text[-1] if text[-1] in ".!…" else ""
        places = [0, *sorted(_cuts(text)), len(text)]
        for start, end in pairwise(places):
            part = text[start:end]
            left = len(part) - len(part.lstrip(" ,;:()–—-\"'*_"))
            part = part.strip(" ,;:()–—-\"'*_.!?…")
            if part:
                begin = sentence.start() + start + left
                yield _Clause(begin, begin + len(part), part, number, mark, start == 0)


def _cuts(text: str) -> set[int]:
    cuts = {found.start() for found in _BREAK.finditer(text)}
    for found in _RESTART.finditer(text):
        begun = text[max((cut for cut in cuts if cut < found.start()), default=0) : found.start()]
        if re.match(_ASKING, begun):
            continue
        before = text[max(0, found.start() - 20) : found.start()].rsplit(" ", 1)[-1]
        if before and before not in _LINKS:
            cuts.add(found.start())
    return cuts


def _clause_hits(clause: _Clause) -> dict[str, _Hit]:
    """Return the best cue of each act in one clause."""
    hits: dict[str, _Hit] = {}
    for cue in _CUES:
        pattern = _pattern(cue.words)
        found = (pattern.match if cue.start else pattern.search)(clause.text)
        if found and cue.confidence > getattr(hits.get(cue.act), "confidence", 0):
            place = clause.start + found.start("cue")
            hits[cue.act] = _Hit(cue.act, cue.confidence, place, clause)
    if re.match(_FIRST_PERSON, clause.text) and not re.search(_ACTING, clause.text):
        hits.pop("safety_step", None)  # the speaker's own danger is a story, not a step
    _settle_advice(hits, clause)
    _settle_question(hits, clause)
    return hits


def _settle_clause(hits: dict[str, _Hit]) -> list[_Hit]:
    """Keep the function of a clause where it could be read in two ways."""
    for winner, losers in _EARLIER_WINS.items():
        if winner in hits:
            for loser in losers:
                hits.pop(loser, None)
    return list(hits.values())


def _settle_advice(hits: dict[str, _Hit], clause: _Clause) -> None:
    """Drop advice only quoted or denied; a pushed option is a directive (rules 13, 16, 17)."""
    if _pattern(_QUOTED).search(clause.text) and not _pattern(_ENDORSED).search(clause.text):
        hits.pop("directive_advice", None)
    if _pattern(_NOT_ADVICE).search(clause.text):
        hits.pop("directive_advice", None)
    advice = hits.get("directive_advice")
    goes_on = clause.mark == "?" or clause.text.startswith(("and ", "or ", "to "))
    if advice and advice.confidence < QUESTION_CUE and goes_on and not clause.first:
        del hits["directive_advice"]  # "… to go there and get the forms" tells nobody
    if "tentative_suggestion" in hits:
        if _is_only_named(hits) or "directive_advice" in hits:
            del hits["tentative_suggestion"]
        elif _pattern(_PUSHED).search(clause.text):
            hits["directive_advice"] = _as(hits.pop("tentative_suggestion"), "directive_advice")


def _is_only_named(hits: dict[str, _Hit]) -> bool:
    """Tell whether 'you could …' stands inside a real question ("who could you ask?")."""
    asked = {"open_question", "closed_question"} & set(hits)
    return bool(asked) and hits["tentative_suggestion"].confidence < QUESTION_CUE


def _settle_question(hits: dict[str, _Hit], clause: _Clause) -> None:
    """Drop scheduling; a clause that only leans on a question asks nothing (rules 2, 5)."""
    if clause.mark in {".", "!"} and not clause.first and re.match(_RELATIVE, clause.text):
        hits.pop("closed_question", None)
        hits.pop("open_question", None)
    if _pattern(_SCHEDULING).search(clause.text):
        for act in ("open_question", "closed_question", "tentative_suggestion", "directive_advice"):
            hits.pop(act, None)
        hits["other"] = _Hit("other", SCHEDULED, clause.start, clause)


def _as(hit: _Hit, act: str) -> _Hit:
    return _Hit(act, hit.confidence, hit.start, hit.clause)


def _settle(hits: list[_Hit], clauses: list[_Clause]) -> list[_Hit]:
    """Apply the tie-breaks that look at the whole reply."""
    hits = _drop_tags(_plain_asking(hits, clauses))
    hits = _merge_advice(hits, clauses)
    names = {hit.act for hit in hits}
    if "safety_step" in names:  # a bare emergency number is no information (rule 26)
        hits = [hit for hit in hits if not _is_bare_emergency(hit)]
    if "own_story" in names:  # "I … too. It was hard" still tells the story
        hits = [hit for hit in hits if not (hit.act == "reflection" and _is_about_past(hit))]
        names = {hit.act for hit in hits}
    if names - {"other"}:
        return [hit for hit in hits if hit.act != "other"]
    seen = {hit.clause.start for hit in hits}
    if any(clause.start not in seen and " " in clause.text for clause in clauses):
        return []  # courtesy covers only part of the reply
    return hits


def _plain_asking(hits: list[_Hit], clauses: list[_Clause]) -> list[_Hit]:
    """Take a statement with '?' as reflecting back where it is about the peer, else as asking."""
    found = {hit.clause.sentence for hit in hits if hit.act != "information" and not _is_aside(hit)}
    asking = [clause for clause in reversed(clauses) if clause.mark == "?"]
    asking.sort(key=lambda clause: bool(re.match(_OPENING, clause.text)))
    by_sentence = {clause.sentence: clause for clause in asking}
    weak = []
    for number, clause in by_sentence.items():
        if number not in found and not re.fullmatch(_FILLER, clause.text):
            act = "reflection" if re.match(_ABOUT_PEER, clause.text) else "closed_question"
            act = "open_question" if re.match(_OPENING, clause.text) else act
            weak.append(_Hit(act, 0.5 + 0.2 * (act == "open_question"), clause.start, clause))
    return hits + weak


def _is_aside(hit: _Hit) -> bool:
    """Tell whether a courtesy only opens its sentence ("Hi, …?")."""
    return hit.act == "other" and hit.confidence < SCHEDULED and hit.clause.first


def _drop_tags(hits: list[_Hit]) -> list[_Hit]:
    """Drop 'how does that sound?' after an option, 'is that right?' after a reflection (rule 7)."""
    names = {hit.act for hit in hits}
    advice = names & {"tentative_suggestion", "directive_advice", "information"}
    kept = []
    for hit in hits:
        if hit.act in {"open_question", "closed_question"}:
            if advice and _pattern(_PART_OF_OPTION).match(hit.clause.text):
                continue
            if "reflection" in names and _pattern(_PART_OF_REFLECTION).match(hit.clause.text):
                continue
        kept.append(hit)
    return kept


def _merge_advice(hits: list[_Hit], clauses: list[_Clause]) -> list[_Hit]:
    """Settle an idea that is both offered and pushed; a hedged 'should' handed back is an offer."""
    tentative = [hit for hit in hits if hit.act == "tentative_suggestion"]
    pushed = [hit for hit in hits if hit.act == "directive_advice"]
    if pushed and any(_pattern(_HANDED_BACK).search(clause.text) for clause in clauses):
        softened = [hit for hit in pushed if _pattern(_HEDGED_SHOULD).search(hit.clause.text)]
        hits = [_as(hit, "tentative_suggestion") if hit in softened else hit for hit in hits]
        pushed = [hit for hit in pushed if hit not in softened]
    same = [soft for soft in tentative if any(_is_same_idea(soft, hard) for hard in pushed)]
    return [hit for hit in hits if hit not in same]


def _is_same_idea(soft: _Hit, hard: _Hit) -> bool:
    if soft.clause.sentence == hard.clause.sentence:
        return True
    return bool(_topic(soft.clause) & _topic(hard.clause))


def _topic(clause: _Clause) -> set[str]:
    words = (word for word in _WORD.findall(clause.text) if word not in _ENGLISH)
    plain = {"could", "should", "might", "maybe", "perhaps", "tried", "considered", "thought"}
    return {word[:5] for word in words if len(word) > 3 and word not in plain}


def _is_about_past(hit: _Hit) -> bool:
    return hit.clause.text.startswith(("it was", "that was", "it took"))


def _is_bare_emergency(hit: _Hit) -> bool:
    return hit.act == "information" and not re.search(
        r"\d[\d ]{5,}|\d{3} \d{3}|www|open|free|day", hit.clause.text
    )


def _guess(clauses: list[_Clause]) -> list[_Hit]:
    """Guess where no cue was found, with so little confidence that it counts as unsure."""
    for clause in clauses:
        if re.match(_FIRST_PERSON + _TELLS, clause.text):
            return [_Hit("own_story", 0.35, clause.start, clause)]
        if re.match(r"(?:you|your|so|it|he|she|they)\b", clause.text):
            return [_Hit("reflection", 0.35, clause.start, clause)]
    if clauses and len(clauses[0].text.split()) > 4:
        return [_Hit("information", 0.3, clauses[0].start, clauses[0])]
    return [_Hit("other", 0.3, clauses[0].start, clauses[0])] if clauses else []


def _once_each(hits: list[_Hit]) -> list[_Hit]:
    """Keep the surest hit of each act, in the order of the text."""
    best: dict[str, _Hit] = {}
    for hit in hits:
        if hit.act not in best or hit.confidence > best[hit.act].confidence:
            best[hit.act] = hit
    return sorted(best.values(), key=lambda hit: (hit.start, hit.act))


def _act(reply: str, hit: _Hit) -> Act:
    end = hit.clause.end
    if end - hit.start > MAX_QUOTE:
        space = reply.rfind(" ", hit.start + 1, hit.start + MAX_QUOTE)
        end = space if space > 0 else hit.start + MAX_QUOTE
    return Act(hit.act, hit.start, end, reply[hit.start : end], hit.confidence)


def code_lines(lines: Iterable[str], write: Callable[[str], None]) -> int:
    """Code JSON lines: the body of ``alongside code``.

    Parameters
    ----------
    lines : iterable of str
        One object per line with ``id``, ``reply`` and perhaps ``prompt``.
    write : callable
        Takes one line of plain ASCII JSON at a time, without its line end.

    Returns
    -------
    int
        0, or 1 where any line could not be coded; the others are coded all the same.
    """
    failed = 0
    for number, line in enumerate(lines, 1):
        answer = _code_line(number, line)
        failed |= "error" in answer
        write(json.dumps(answer))
    return int(failed)


def _code_line(number: int, line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {"line": number, "error": "This line is not JSON. Write one object on each line."}
    if not isinstance(data, dict) or not isinstance(data.get("reply"), str) or "id" not in data:
        return {"line": number, "error": "This line needs an id, and a reply that is text."}
    prompt = data.get("prompt") or ""
    if not isinstance(prompt, str):
        return {"line": number, "error": "The prompt on this line is not text. Leave it out."}
    coding = code_reply(data["reply"], prompt)
    acts = [
        {
            "act": act.act,
            "start": act.start,
            "end": act.end,
            "evidence": act.evidence,
            "confidence": act.confidence,
        }
        for act in coding.acts
    ]
    return {"id": data["id"], "acts": acts, "unsure": coding.unsure}
