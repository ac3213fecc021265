"""The texts that click itself writes (usage, options, wrong options), in the language of the command.

Click asks gettext for them by the name ``_`` of each of its modules; here that name gives the text of the language that is spoken.
"""

from __future__ import annotations

from collections.abc import Callable

from click import core, decorators, exceptions, formatting, parser, types

from planning_check.errors import Text

#: What click says -> the same in Chinese. What stands in braces is put in by click. A text that is not here stays as click has it.
CHINESE = {
    "Usage:": "用法：",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "(dynamic)": "（随情况而定）",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "deprecated": "不再使用",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用 {command} {option} 查看用法。",
    "Invalid value: {message}": "取值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的取值不对：{message}",
    "Missing command.": "没有写命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Choose from:\n\t{choices}": "可以写：\n\t{choices}",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such option: {name}": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}。",
    "(Did you mean one of: {possibilities}?)": "是不是 {possibilities}？",
    "(Possible options: {possibilities})": "是不是 {possibilities}？",
    "Got unexpected extra arguments ({args})": "多写了参数：{args}",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个。",
    "Value must be an iterable.": "要写几个值。",
    "{value!r} is not one of {choices}.": "{value} 不在可写的 {choices} 之中。",
    "{value!r} does not match the formats {formats}.": "{value} 不是 {formats} 这样的写法。",
    "{value!r} is not a valid {number_type}.": "{value} 不是数字。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value} 不是是或否，可以写 {states}",
    "{name} {filename!r} does not exist.": "{filename} 不存在。",
    "{name} {filename!r} is a file.": "{filename} 是文件，这里要文件夹。",
    "{name} {filename!r} is a directory.": "{filename} 是文件夹，这里要文件。",
    "{name} {filename!r} is not readable.": "{filename} 没有读的权限。",
    "{name} {filename!r} is not writable.": "{filename} 没有写的权限。",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename}：{message}",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要写 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值。",
    "Aborted!": "已中断。",
}
#: Where click says the same of one in other words than of several, the Chinese does, too.
_OF_ONE = {
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "Got unexpected extra argument ({args})": "多写了参数：{args}",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，写了 1 个。",
    "{value!r} is not {choice}.": "{value} 不能写，只能写 {choice}。",
    "{value!r} does not match the format {format}.": "{value} 不是 {format} 这样的写法。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写一个值。",
}
#: These are kept with a command once they are made, and so stand in both languages, as all other help does.
_BOTH = {"Show this message and exit.": "显示用法 / show this message and exit"}
_MODULES = (core, decorators, exceptions, formatting, parser, types)


def speak(lang_of: Callable[[], str]) -> None:
    """From now on click writes in the language that ``lang_of`` gives whenever it writes."""

    def one(text: str) -> str:
        return _BOTH.get(text) or Text(CHINESE.get(text, text), text).get(lang_of())

    def several(of_one: str, of_several: str, count: int) -> str:
        text = of_one if count == 1 else of_several
        return Text(_OF_ONE.get(text) or CHINESE.get(text, text), text).get(lang_of())

    for module in _MODULES:
        for name, spoken in (("_", one), ("ngettext", several)):
            if hasattr(module, name):
                setattr(module, name, spoken)
