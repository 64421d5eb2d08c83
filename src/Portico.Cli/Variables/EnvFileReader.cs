using System.Globalization;
using System.Text;
using Portico.Cli.Hosting;

namespace Portico.Cli.Variables;

/// <summary>Reads one variable after the other from the text of a <c>.env</c> file.</summary>
/// <param name="text">With <c>\n</c> as the only line break.</param>
/// <param name="name">The name of the file in messages.</param>
internal sealed class EnvFileReader(string text, string name)
{
    private const string Export = "export ";

    private int _at;
    private int _line = 1;

    /// <returns>Null at the end.</returns>
    /// <exception cref="CliException">The next line is not a variable.</exception>
    public KeyValuePair<string, string>? Read()
    {
        SkipEmptyLines();
        if (_at == text.Length)
            return null;
        var key = ReadKey();
        return new(key, ReadValue(key));
    }

    private void SkipEmptyLines()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] is '#' or '\ufeff'))
            if (text[_at] == '#')
                SkipLine();
            else
                Next();
    }

    private string ReadKey()
    {
        var end = EndOfLine();
        var equals = text.IndexOf('=', _at, end - _at);
        if (equals < 0)
            throw Fault(_line, "has no '='");
        var key = text[_at..equals].Trim();
        if (key.StartsWith(Export, StringComparison.Ordinal))
            key = key[Export.Length..].TrimStart();
        if (VariableKey.ProblemOf(key) is { } problem)
            throw Fault(_line, $"does not begin with a valid name: {problem}");
        _at = equals + 1;
        return key;
    }

    private string ReadValue(string key)
    {
        var start = _at;
        while (_at < text.Length && text[_at] is (' ' or '\t'))
            _at++;
        if (_at == text.Length || text[_at] is not ('\'' or '"'))
        {
            _at = start;
            return ReadPlain();
        }
        var (line, quote) = (_line, text[_at]);
        var value = ReadQuoted(quote) ?? throw Fault(line, $"sets {key} to a value without a closing {quote}");
        RequireEndOfLine(key);
        return value;
    }

    /// <summary>A <c>#</c> begins a comment only after a space: it is part of many passwords and URLs.</summary>
    private string ReadPlain()
    {
        var value = text[_at..EndOfLine()];
        SkipLine();
        for (var at = 0; at < value.Length; at++)
            if (value[at] == '#' && at > 0 && char.IsWhiteSpace(value[at - 1]))
                return value[..at].Trim();
        return value.Trim();
    }

    /// <returns>Null when the closing quote is missing.</returns>
    private string? ReadQuoted(char quote)
    {
        var value = new StringBuilder();
        for (Next(); _at < text.Length; Next())
        {
            if (text[_at] == quote)
            {
                Next();
                return value.ToString();
            }
            if (quote == '"' && text[_at] == '\\' && _at + 1 < text.Length)
            {
                Next();
                AppendEscape(value, text[_at]);
            }
            else
            {
                value.Append(text[_at]);
            }
        }
        return null;
    }

    private static void AppendEscape(StringBuilder value, char letter)
    {
        switch (letter)
        {
            case 'n':
                value.Append('\n');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 't':
                value.Append('\t');
                break;
            case '\\' or '"' or '$':
                value.Append(letter);
                break;
            default:
                value.Append('\\').Append(letter);
                break;
        }
    }

    private void RequireEndOfLine(string key)
    {
        var rest = text[_at..EndOfLine()].Trim();
        if (rest.Length > 0 && rest[0] != '#')
            throw Fault(_line, $"has text after the closing quote of {key}");
        SkipLine();
    }

    private int EndOfLine() => text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;

    private void SkipLine()
    {
        _at = EndOfLine();
        Next();
    }

    private void Next()
    {
        if (_at == text.Length)
            return;
        if (text[_at] == '\n')
            _line++;
        _at++;
    }

    private CliException Fault(int line, string problem) => new(
        string.Create(CultureInfo.InvariantCulture, $"{name}, line {line}: {problem}."), "Nothing was changed. A line has the form KEY=value.", ExitCode.Usage);
}
