using Portico.Blueprint.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portico.Blueprint.Syntax;

/// <summary>
/// Reads text into a tree. A hostile file is limited here: its size, its depth, and what
/// its aliases expand to. Anchors and merge keys are resolved in the resulting tree.
/// </summary>
internal sealed class YamlReader
{
    public const int LargestFile = 10 * 1024 * 1024;

    // The deepest field of a Blueprint is at level 12; flow brackets could nest by the million.
    private const int DeepestNesting = 64;

    // Aliased subtrees are shared and visited again at each use: this limits the visits.
    private const long MostAliasedNodes = 100_000;

    private readonly Parser _parser;
    private readonly DiagnosticBag _bag;
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private long _aliased;

    private readonly string _text;

    private YamlReader(string text, DiagnosticBag bag)
    {
        _text = text;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _bag = bag;
    }

    /// <summary>Returns the tree; null when the text cannot be read, and the bag then says why.</summary>
    public static YamlNode? Read(string text, DiagnosticBag bag)
    {
        if (!TextCheck.Passes(text, bag))
            return null;
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        try
        {
            return new YamlReader(text, bag).ReadStream();
        }
        catch (YamlException problem)
        {
            var (line, column, message, suggestion) = SyntaxMessage.Of(problem, text);
            bag.Error(Codes.Syntax, line, column, message, suggestion);
            return null;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private YamlNode? ReadStream()
    {
        Next<StreamStart>();
        if (Next() is StreamEnd)
        {
            _bag.Error(Codes.Syntax, 1, 1, "the file is empty", "start with a list of 'services:'");
            return null;
        }
        var root = ReadNode(Next(), 0);
        Next<DocumentEnd>();
        if (Next() is DocumentStart second)
            _bag.Error(
                Codes.Syntax, Line(second), Column(second), "a second document starts here",
                "keep everything in one document: remove the '---'");
        return root;
    }

    private YamlNode ReadNode(ParsingEvent at, int depth)
    {
        if (depth > DeepestNesting)
            throw Refuse(at, Codes.TooLarge, $"nested more than {DeepestNesting} levels deep");
        return at switch
        {
            Scalar scalar => Anchored(scalar.Anchor, ReadScalar(scalar)),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            AnchorAlias alias => Resolve(alias),
            _ => throw Refuse(at, Codes.Syntax, "a value was expected here"),
        };
    }

    private static YamlScalar ReadScalar(Scalar scalar)
    {
        var isText = scalar.Style != ScalarStyle.Plain
            || (!scalar.Tag.IsEmpty && scalar.Tag.Value is "tag:yaml.org,2002:str" or "!");
        return new YamlScalar(Line(scalar), Column(scalar), scalar.Value, isText);
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        Open(start.Anchor);
        var list = new YamlList(Line(start), Column(start));
        for (var at = Next(); at is not SequenceEnd; at = Next())
            list.Add(ReadNode(at, depth + 1));
        return Anchored(start.Anchor, list);
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        Open(start.Anchor);
        var map = new YamlMap(Line(start), Column(start));
        List<(YamlScalar Key, YamlNode Value)>? merges = null;
        for (var at = Next(); at is not MappingEnd; at = Next())
        {
            if (ReadNode(at, depth + 1) is not YamlScalar key)
                throw Refuse(at, Codes.Syntax, "a key must be plain text");
            var value = ReadNode(Next(), depth + 1);
            if (key is { Text: "<<", Quoted: false })
                (merges ??= []).Add((key, value));
            else
                AddEntry(map, key, value);
        }
        foreach (var merge in merges ?? [])
            Merge(map, merge.Key, merge.Value);
        return Anchored(start.Anchor, map);
    }

    private void AddEntry(YamlMap map, YamlScalar key, YamlNode value)
    {
        if (map.TryAdd(key, value))
            return;
        var first = map.Find(key.Text)!.Value.Key;
        _bag.Error(
            Codes.DuplicateKey, key.Line, key.Column,
            $"'{SafeText.Word(key.Text)}' is set twice in the same mapping (lines {first.Line} and {key.Line})",
            "keep one of them");
    }

    /// <summary>Keys of the map itself win over merged ones, and earlier merged maps over later ones.</summary>
    private void Merge(YamlMap map, YamlScalar key, YamlNode value)
    {
        foreach (var source in value is YamlList list ? list.Items : [value])
        {
            if (source is not YamlMap merged)
            {
                _bag.Error(
                    Codes.WrongType, source.Line, source.Column,
                    $"'<<' needs a mapping or a list of mappings, found {source.Kind}");
                continue;
            }
            Count(merged.Weight, key.Line, key.Column);
            foreach (var entry in merged.Entries)
                map.TryAdd(entry.Key, entry.Value);
        }
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var node))
            throw Refuse(
                alias, Codes.Syntax, $"the anchor '&{SafeText.Word(name)}' is not defined above this line",
                Suggest.DidYouMean(name, _anchors.Keys) ?? "quote the text if the '*' is meant literally");
        if (node is null)
            throw Refuse(alias, Codes.Syntax, $"'*{SafeText.Word(name)}' is inside of the node that it refers to");
        Count(node.Weight, Line(alias), Column(alias));
        return node;
    }

    private void Count(long nodes, int line, int column)
    {
        _aliased += nodes;
        if (_aliased <= MostAliasedNodes)
            return;
        _bag.Error(Codes.TooLarge, line, column, $"aliases in this file expand to more than {MostAliasedNodes} values");
        throw new RefusedException();
    }

    private void Open(AnchorName anchor)
    {
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = null;
    }

    private T Anchored<T>(AnchorName anchor, T node) where T : YamlNode
    {
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    /// <summary>
    /// Translates exceptions of the library. It throws other types than its own for some broken texts (an impossible state,
    /// an argument out of range), so every type is caught.
    /// </summary>
    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext() && _parser.Current is { } current)
                return current;
        }
        catch (Exception problem) when (problem is not (YamlException or OutOfMemoryException))
        {
        }
        var near = _parser.Current?.End ?? new Mark(0, 1, 1);
        if (SyntaxMessage.Tab(_text, (int)near.Line, (int)near.Line) is { } tab)
            _bag.Error(Codes.Syntax, tab.Line, tab.Column, SyntaxMessage.TabMessage, SyntaxMessage.TabAdvice);
        else
            _bag.Error(
                Codes.Syntax, (int)near.Line, (int)near.Column, "invalid YAML: cannot read the text after this point",
                "check for an unclosed quote or bracket, or wrong indentation");
        throw new RefusedException();
    }

    private void Next<T>() where T : ParsingEvent
    {
        if (Next() is var current and not T)
            throw Refuse(current, Codes.Syntax, "the file starts or ends unexpectedly");
    }

    private RefusedException Refuse(ParsingEvent at, string code, string message, string? suggestion = null)
    {
        _bag.Error(code, Line(at), Column(at), message, suggestion);
        return new RefusedException();
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;

    /// <summary>Ends the reading. The reason is already in the bag.</summary>
    private sealed class RefusedException : Exception;
}
