"""The acts of typed replies: the agreed examples, lay wordings, and input of any kind."""

from __future__ import annotations

import json
import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.coding import MAX_QUOTE, MAX_READ, SURE, code_lines, code_reply
from grader.content import ACTS

# One reply per line, then the acts it performs. First the agreed examples of the acts and of
# each tie-break, then lay replies of our own from many kinds of English.
MANUAL = """\
how was the week | open_question
tell me more | open_question
did you ring her | closed_question
so you felt left out | reflection
that's unfair | reflection
you kept going | affirmation
glad you told me | affirmation
I lost my job too | own_story
want an idea, or shall I just listen? | permission
some people write it down, may not be you | tentative_suggestion
just ring him | directive_advice
why don't you ring him | directive_advice
the form is due before the exam | information
it'll be fine | reassurance
at least you have a job | reassurance
don't worry | reassurance
you brought it on yourself | judgement
I stop at five | boundary
that I would have to report | boundary
are you safe tonight? | safety_step
ring 999 now | safety_step
see you Tuesday | other
take your time | other
let me know | other
I'm listening | other
whenever you're ready | other
sorry to hear that | other
same room at two? | other
I'd love to hear about your garden | open_question
do you want to say what happened | open_question
Why didn't you just leave? | judgement
so it's more the waiting? | reflection
You could write it down. How does that sound? | tentative_suggestion
So you felt left out. Is that right? | reflection
Shall I print it for you? | closed_question
Do you want ideas or just to vent? | permission
Do you want ideas or just to vent? Just ring him. | permission directive_advice
Can I be honest, you are being lazy | judgement
Have you tried writing it down | tentative_suggestion
have you thought of asking your sister | tentative_suggestion
have you considered a break | tentative_suggestion
what about a walk | tentative_suggestion
honestly just try a walk | directive_advice
why don't you just ask | directive_advice
if I were you I'd leave | directive_advice
maybe you should ring her | directive_advice
You should have told him | judgement
you shouldn't be feeling like that | judgement
you shouldn't be on that | judgement
as my nan says, drop him | directive_advice
I won't tell you what to do | other
as a peer that's not mine to say | boundary
see your GP | directive_advice
get therapy | directive_advice
Been there | own_story
same here | own_story
I know how you feel | reassurance
I moved out and then I rang a friend every day. do that | own_story directive_advice
I started running, that could be an option | own_story tentative_suggestion
my dad shouted at me too and it never did me harm | own_story reassurance
That sounds hard | reflection
no wonder | reflection
anyone would after that | reflection
I believe you | reflection
it makes sense | reflection
Everyone feels that | reassurance
it's not your fault | reassurance
you're not alone | reassurance
you got this | reassurance
you'll be fine | reassurance
it hurts because you care | affirmation
what an idiot | judgement
she only shouts because she's insecure | judgement
that would annoy me as well | reflection
driving, will answer tonight | other
I will never tell anyone | reassurance
this worries me | other
I could print it for you | other
Maybe you should ring her, but it's up to you | tentative_suggestion
"""
LAY = """\
how are you doing today | open_question
how has it been since you moved | open_question
what was that like for you? | open_question
What have you thought of so far? | open_question
whats been going on for u | open_question
what worries you most about it | open_question
Could you tell me a bit more about the nights? | open_question
I would really like to hear how it started | open_question
help me understand what happened at work | open_question
how do u feel when she say this | open_question
that sounds exhausting how long has it been like this | reflection closed_question
Who else knows about it? | closed_question
have you told your sister yet | closed_question
did he say sorry | closed_question
how many hours do you sleep | closed_question
is it worse at night or in the day? | closed_question
When did it start? | closed_question
do you live alone | closed_question
are you still working there? | closed_question
Would you like me to come with you? | closed_question
You felt invisible in that meeting. | reflection
sounds like you're carrying all of it alone | reflection
It sounds like you are torn between staying and going. | reflection
so you are tired of being the strong one | reflection
I can hear how much this weighs on you | reflection
that must have been so frightening | reflection
No wonder you're worn out. | reflection
part of you wants to go and part of you wants to stay | reflection
Of course you are angry after that | reflection
that really hurt | reflection
You must be exhausted | reflection
it makes sense that you feel lost | reflection
thats really tough mate | reflection
How frustrating that must be | reflection
you miss her a lot | reflection
its okay to feel angry | reflection
So the mornings are the hardest part | reflection
Thank you for telling me this | affirmation
thanks for trusting me with that | affirmation
It took courage to say that out loud | affirmation
you've kept going through so much | affirmation
well done for getting up today | affirmation
I'm really glad you reached out | affirmation
you are such a caring dad | affirmation
good on you for asking | affirmation
You clearly care about your kids | affirmation
that was brave of you | affirmation
you handled that really well | affirmation
proud of you | affirmation
I appreciate you sharing this | affirmation
I went through a divorce two years ago | own_story
i lost my mum when i was twenty | own_story
When I was struggling, walking helped me. | own_story
I've been there myself | own_story
me too | own_story
I had panic attacks at uni as well | own_story
I used to lie awake every night too | own_story
my dad died last year and i couldn't sleep for months | own_story
when my marriage ended I cried for weeks | own_story
I have depression too | own_story
Would you like to hear what helped me? | permission
Are you open to a suggestion? | permission
can i share something that worked for me | permission
would it be ok if I told you about a group I know | permission
do you want my opinion or do you just need to talk | permission
Would you like some ideas? | permission
is it alright if I offer a thought | permission
Do you want advice right now? | permission
do you want me to just listen | permission
mind if I make a suggestion | permission
Have you considered talking to your manager? | tentative_suggestion
Have you thought about joining a walking group? | tentative_suggestion
What do you think about asking your brother? | tentative_suggestion
maybe you could write her a letter | tentative_suggestion
you could always try the evening class, only if you want | tentative_suggestion
One option might be to talk with your doctor | tentative_suggestion
perhaps a short walk might help | tentative_suggestion
it might be worth asking the union | tentative_suggestion
some folks find it helps to keep a diary | tentative_suggestion
would it help to make a list together | tentative_suggestion
how about a night off | tentative_suggestion
what if you asked for a later start | tentative_suggestion
you might want to speak with your teacher | tentative_suggestion
You should leave him. | directive_advice
you need to talk to your boss | directive_advice
u have to stop drinking | directive_advice
just tell her the truth | directive_advice
If I were you I would move out | directive_advice
Why don't you go for a run | directive_advice
why not just call him | directive_advice
Go and see a doctor. | directive_advice
call your mother and say sorry | directive_advice
Don't answer his messages | directive_advice
I'd leave tomorrow | directive_advice
the best thing is to forget him | directive_advice
My advice is to wait | directive_advice
Don't you think you should tell him? | directive_advice
you better find new job | directive_advice
You've got to stand up for yourself | directive_advice
try to sleep more | directive_advice
Stop checking his profile | directive_advice
I really think you should tell someone | directive_advice
You must go to the doctor | directive_advice
get yourself a lawyer | directive_advice
you ought to say no | directive_advice
The drop-in is open on Mondays | information
Citizens Advice can help with debt letters | information
you can call the debt line on 0800 123 4567 | information
There's a carers group at the library every Tuesday | information
Appeals have to be sent within 28 days | information
grief often comes in waves | information
The form takes about ten minutes | information
it will be okay | reassurance
It'll all work out in the end | reassurance
things will get better | reassurance
at least you have each other | reassurance
don't worry about it | reassurance
you'll get through this | reassurance
everyone goes through that | reassurance
its not your fault | reassurance
you are not alone | reassurance
you've got this | reassurance
I'm sure he didn't mean it | reassurance
time heals | reassurance
could be worse | reassurance
hang in there | reassurance
i know exactly how you feel | reassurance
I promise I won't tell anyone | reassurance
this too shall pass | reassurance
You are overreacting | judgement
That's your own fault | judgement
you're being selfish | judgement
You should have spoken up earlier | judgement
what did you expect | judgement
you always do this | judgement
he's a narcissist | judgement
Pull yourself together | judgement
you just want attention | judgement
that's a stupid idea | judgement
sounds like you have depression | judgement
I'm not a doctor so I can't advise on tablets | boundary
I can only talk until six | boundary
I don't lend money to people I support | boundary
if you tell me someone is in danger I can't keep that secret | boundary
that's outside my role | boundary
as a volunteer I can't give legal advice | boundary
I'd rather not talk about my own family | boundary
I don't answer messages after nine | boundary
Are you thinking about suicide? | safety_step
are you thinking of hurting yourself | safety_step
do you feel safe at home? | safety_step
please call an ambulance now | safety_step
Are the children safe right now? | safety_step
is he hurting you | safety_step
have you had thoughts of ending your life | safety_step
call 111 right now | safety_step
I'm going to ring my supervisor about this now | safety_step
hello there | other
hi, nice to meet you | other
ok | other
I'm here if you need me | other
see you next week | other
sorry to hear that | other
take care | other
no rush, whenever suits you | other
does 3pm still work for you? | other
could you send that again? | other
Sure, I can lend you twenty | other
That sounds really hard. What have you tried so far? | reflection open_question
Thanks for telling me. How are you feeling now? | affirmation open_question
you sound exhausted. would you like some ideas or just a listening ear? | reflection permission
I lost my job as well. You should just apply everywhere. | own_story directive_advice
don't worry, you'll find another one | reassurance
It's not mine to say as a peer, but have you thought of a nurse? | boundary tentative_suggestion
that's awful are you safe tonight | reflection safety_step
You should ring the Samaritans now, they're on 116 123 day and night | safety_step information
I hear you. That's a lot to carry. What would help most today? | reflection open_question
That was brave. Do you have anyone you can talk to? | affirmation closed_question
“That’s unfair,” and you’re still turning up. What helps? | reflection affirmation open_question
HOW LONG HAVE YOU FELT LIKE THIS | closed_question
i felt same when i come to this country, was very lonely | own_story
Kia ora, that sounds rough eh. What's been the hardest bit? | reflection open_question
Yeah nah that sounds pretty rough bro, been there | reflection own_story
man that sucks, you deserve better | reflection reassurance
what did you do next | open_question
that must be heartbreaking, losing him so suddenly | reflection
is your husband supportive | closed_question
u should tell ur parents asap | directive_advice
my brother died in march and i still cant sleep | own_story
maybe a support group could be something for you, no pressure | tentative_suggestion
you poor thing, what a horrible week | reflection
How did your mum react when you told her? | open_question
i think its great you are asking for help | affirmation
It sounds to me like nobody listened | reflection
please dont give up, better days will come | reassurance
I would be scared too | reflection
Look, you can't just lie in bed all day, get up and do something | directive_advice
do you want to talk about it? | open_question
I am only a volunteer so I can't tell you which medicine to take | boundary
The student union gives free advice on housing, they open at 9 | information
are you hurting yourself at the moment | safety_step
When my baby was small I felt alone too. Would you like to hear what I did? | own_story permission
what would you like to happen | open_question
it's normal to feel like this after a loss | reflection
Have you tried anything that helped, even a little? | closed_question
Which part is the hardest for you? | closed_question
why do you think that is | open_question
You deserve a medal for putting up with that | affirmation
you must feel so let down by her | reflection
If you would like, we could look at the options together | tentative_suggestion
in my country we speak with the elder, for me it helped | own_story
i hear that you are worried for your son | reflection
What's stopping you from telling him? | open_question
honestly you're being a bit dramatic | judgement
everything happens for a reason love | reassurance
I finish at 8 on Fridays, after that I'm not reachable | boundary
you've worked so hard on this | affirmation
I'm worried you might hurt yourself. Are you safe right now? | safety_step
thank you for letting me in on this, how has the week been since | affirmation open_question
you're torn, you love him but you can't go on like this | reflection
one thing some carers do is swap nights, might not suit you | tentative_suggestion
I was sacked once and it took me a year to get over it | own_story
would you prefer advice or someone to listen | permission
Do you feel pressured by them? | closed_question
get rid of him, he's toxic | directive_advice judgement
so what i'm hearing is you feel stuck between two jobs | reflection
That's completely understandable. | reflection
what did the doctor say? | open_question
you will find someone new, you are still young | reassurance
Try writing three good things each night | directive_advice
I can't promise to keep this secret if a child is in danger | boundary
good morning! how are you? | open_question
morning all | other
haha yes | other
Thanks, see you at the next meeting | other
So sorry for your loss | other
Is there someone you trust who you could talk to? | closed_question
Your feelings are valid and you are not alone | reflection reassurance
If it was me I'd report it to HR | directive_advice
How about we make a plan together? | tentative_suggestion
You can get a sick note without seeing the doctor for the first seven days | information
"""


def cases(text: str) -> list[tuple[str, set[str]]]:
    rows = [line.rsplit(" | ", 1) for line in text.splitlines()]
    return [(reply, set(acts.split())) for reply, acts in rows]


LABELLED = cases(MANUAL) + cases(LAY)
ANY_REPLY = st.text(max_size=300) | st.lists(
    st.sampled_from([word for reply, _ in LABELLED for word in [*reply.split(), "?", ". ", "😀"]]),
    max_size=60,
).map(" ".join)


@pytest.mark.parametrize(("reply", "acts"), cases(MANUAL))
def test_the_agreed_examples_are_coded_as_agreed(reply, acts):
    assert code_reply(reply).names == acts


@pytest.mark.parametrize(("reply", "acts"), cases(LAY))
def test_lay_replies_are_coded_as_a_person_would(reply, acts):
    assert code_reply(reply).names == acts


@pytest.mark.parametrize("act", ACTS)
def test_every_act_occurs_among_the_examples(act):
    assert sum(act in acts for _, acts in LABELLED) >= 6


def test_capitals_do_not_matter():
    for reply, acts in LABELLED:
        assert code_reply(reply.upper()).names == acts, reply


def test_curly_quotes_do_not_matter():
    for reply, acts in LABELLED:
        assert code_reply(reply.replace("'", "’")).names == acts, reply


def test_a_missing_end_mark_rarely_matters():
    same = [code_reply(reply.rstrip(".!?")).names == acts for reply, acts in LABELLED]
    assert sum(same) >= 0.97 * len(LABELLED)


def test_missing_apostrophes_and_commas_rarely_matter():
    plain = str.maketrans("", "", "',;")
    same = [code_reply(reply.translate(plain)).names == acts for reply, acts in LABELLED]
    assert sum(same) >= 0.95 * len(LABELLED)


def test_clear_examples_are_seldom_unsure():
    unsure = [reply for reply, _ in LABELLED if code_reply(reply).unsure]
    assert len(unsure) <= 0.06 * len(LABELLED), unsure


@given(ANY_REPLY)
def test_every_act_is_known_and_quotes_the_reply(reply):
    coding = code_reply(reply)
    assert coding.names <= set(ACTS)
    assert len(coding.names) == len(coding.acts)
    for act in coding.acts:
        assert reply[act.start : act.end] == act.evidence
        assert act.evidence.strip()
        assert len(act.evidence) <= MAX_QUOTE
        assert 0 < act.confidence <= 1


@given(ANY_REPLY)
def test_other_stands_alone(reply):
    names = code_reply(reply).names
    assert "other" not in names or names == {"other"}


@given(ANY_REPLY)
def test_weak_evidence_is_never_sure(reply):
    coding = code_reply(reply)
    assert coding.unsure or max(act.confidence for act in coding.acts) >= SURE


@given(ANY_REPLY)
def test_the_same_reply_is_always_coded_the_same(reply):
    assert code_reply(reply) == code_reply(reply)


def test_acts_come_in_the_order_of_the_text():
    coding = code_reply("That sounds hard. I lost my job too. You should rest.")
    assert [act.act for act in coding.acts] == ["reflection", "own_story", "directive_advice"]


def test_an_act_is_given_once_however_often_it_occurs():
    coding = code_reply("You should rest. You should eat. You should go out.")
    assert [act.act for act in coding.acts] == ["directive_advice"]


def test_evidence_quotes_the_clause_that_gave_it_away():
    act = code_reply("Ok. I hear you, but you should just leave him, love.").acts[-1]
    assert (act.act, act.evidence) == ("directive_advice", "you should just leave him")


def test_letters_that_grow_when_made_small_do_not_shift_the_quotes():
    act = code_reply("İİ. You should go home and rest now.").acts[0]
    assert act.evidence == "You should go home and rest now"


def test_advice_of_others_that_is_only_quoted_is_not_advice():
    coding = code_reply("It sounds like everyone tells you that you should leave him.")
    assert coding.names == {"reflection"}


def test_a_different_idea_offered_and_pushed_counts_as_both():
    coding = code_reply("You could join a choir, maybe. And you need to see a doctor.")
    assert coding.names == {"tentative_suggestion", "directive_advice"}


def test_the_same_idea_offered_and_pushed_counts_as_pushed():
    coding = code_reply("Have you thought of joining a choir? Just join the choir.")
    assert coding.names == {"directive_advice"}


def test_the_speaker_s_own_dark_time_is_a_story():
    assert "safety_step" not in code_reply("I was suicidal myself after the divorce").names


@pytest.mark.parametrize(
    "reply", ["", " ", "\n\n", "\t", "\u200b", "...", "?!?", "😀😀", "123 456"]
)
def test_nothing_to_read_gives_no_act_and_is_unsure(reply):
    coding = code_reply(reply)
    assert coding.acts == ()
    assert coding.unsure


@pytest.mark.parametrize(
    "reply",
    [
        "Das ist wirklich schwer für dich, oder?",
        "Lo siento mucho, debes hablar con tu madre",
        "Je comprends, tu devrais te reposer",
        "你应该离开他",
        "тебе надо уйти от него",
        "あなたは一人じゃない",
        "أنت لست وحدك",
        "zxcv qwer asdf hjkl yuio",
        "\ud800\udfff",
        "\x00\x01\x02",
        "abc\x00def \ud83d ghi",
    ],
)
def test_what_is_not_english_gets_no_confident_label(reply):
    coding = code_reply(reply)
    assert coding.unsure
    assert all(act.confidence < SURE for act in coding.acts)


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "?", ".", "\n", "so ", "how ", "and ", "you really ", "'", "-", "www.", "((",
        "I lost my job ", "you know how it is and ", "it is not that i ", "1 ", "are you ",
    ],
)  # fmt: skip
def test_a_hundred_thousand_characters_are_read_quickly_and_never_as_sure(piece):
    code_reply("Warm up.")
    reply = (piece * 100_000)[:100_000]
    before = time.perf_counter()
    coding = code_reply(reply)
    assert time.perf_counter() - before < 0.2
    assert coding.unsure


def test_what_stands_after_the_limit_is_not_read():
    reply = "That sounds hard. " + "x" * MAX_READ + " You should go."
    assert "directive_advice" not in code_reply(reply).names


def test_a_reply_takes_a_millisecond_or_less():
    code_reply("Warm up.")
    spent = []
    for reply, _ in LABELLED:
        before = time.perf_counter()
        code_reply(reply)
        spent.append(time.perf_counter() - before)
    assert statistics.median(spent) <= 0.001


def coded(lines: list[str]) -> tuple[int, list[dict]]:
    written: list[str] = []
    status = code_lines(lines, written.append)
    assert all(line.isascii() and "\n" not in line for line in written)
    return status, [json.loads(line) for line in written]


def test_lines_are_coded_in_order():
    lines = [json.dumps({"id": at, "reply": reply}) for at, (reply, _) in enumerate(LABELLED)]
    status, answers = coded(lines)
    assert status == 0
    assert [answer["id"] for answer in answers] == list(range(len(LABELLED)))
    assert [{act["act"] for act in answer["acts"]} for answer in answers] == [
        acts for _, acts in LABELLED
    ]


def test_a_line_has_the_agreed_form():
    _, answers = coded([json.dumps({"id": "x", "reply": "You’re torn — sí?", "prompt": "Hm."})])
    assert answers == [
        {
            "id": "x",
            "acts": [
                {
                    "act": "reflection",
                    "start": 0,
                    "end": 11,
                    "evidence": "You’re torn",
                    "confidence": 0.9,
                }
            ],
            "unsure": False,
        }
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "{}",
        '{"id": "x"}',
        '{"reply": "Hm."}',
        '{"id": "x", "reply": 3}',
        '{"id": "x", "reply": "Hm.", "prompt": 3}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_coded_is_said_and_the_rest_goes_on(line):
    good = json.dumps({"id": "x", "reply": "How are you?"})
    status, answers = coded([good, line, good])
    assert status == 1
    assert [set(answer) for answer in answers] == [
        {"id", "acts", "unsure"},
        {"line", "error"},
        {"id", "acts", "unsure"},
    ]
    assert answers[1]["line"] == 2
    assert answers[1]["error"].endswith(".")


def test_a_half_character_survives_a_line():
    status, answers = coded(['{"id": "x", "reply": "You should go \\ud800 now"}'])
    assert status == 0
    assert answers[0]["acts"]
