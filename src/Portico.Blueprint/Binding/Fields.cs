using System.Globalization;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Binding;

/// <summary>
/// Reads the fields of one mapping. Each field that a binder reads becomes known; <see cref="Finish"/> then
/// reports the unknown ones. The code that reads a mapping is therefore also its schema.
/// </summary>
internal sealed class Fields(YamlMap map, NodePath path, DiagnosticBag bag)
{
    private readonly List<string> _known = new(40);

    public Origin Origin => new(map, path);

    public DiagnosticBag Bag => bag;

    public bool Has(string field) => map.Find(field) is { Value: not YamlScalar { IsNull: true } };

    public bool HasEmpty(string field) => map.Find(field) is { Value: YamlScalar { IsNull: true } };

    public bool IsBoolean(string field) => map.Find(field) is { Value: YamlScalar { IsBoolean: true } };

    public Origin At(string field) => Origin.At(field);

    /// <summary>Returns the mapping, or null after it reported a diagnostic.</summary>
    public static Fields? Of(YamlNode node, NodePath path, DiagnosticBag bag, string? suggestion = null)
    {
        if (node is YamlMap map)
            return new Fields(map, path, bag);
        bag.Error(Codes.WrongType, node, path, $"expected a mapping of fields, found {node.Kind}", suggestion);
        return null;
    }

    public string? Text(string field, Rule? rule = null)
    {
        if (Scalar(field) is not { } scalar)
            return null;
        if (scalar.IsBoolean)
            bag.Warn(Codes.LooseValue, scalar, path.Child(field), "expected text, found a boolean; it is read as text", "put it in quotes");
        return Checked(field, scalar, rule);
    }

    public string? RequiredText(string field, Rule? rule = null)
    {
        if (!Has(field))
            Missing(field);
        return Text(field, rule);
    }

    /// <summary>Reads a value as text, without a warning for numbers and booleans.</summary>
    public string? Verbatim(string field, Rule? rule = null) => Scalar(field) is { } scalar ? Checked(field, scalar, rule) : null;

    public bool? Flag(string field)
    {
        if (Scalar(field) is not { } scalar)
            return null;
        bool? value = scalar.Text.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" => true,
            "FALSE" or "NO" or "OFF" => false,
            _ => null,
        };
        if (value is null)
            bag.Error(Codes.WrongType, scalar, path.Child(field), $"'{SafeText.Word(scalar.Text)}' is not a boolean; use true or false");
        else if (!scalar.IsBoolean)
            bag.Warn(
                Codes.LooseValue, scalar, path.Child(field), $"'{scalar.Text}' is read as a boolean",
                $"write {(value.Value ? "true" : "false")}");
        return value;
    }

    public int? Whole(string field, int least, int most = int.MaxValue)
    {
        if (Scalar(field) is not { } scalar)
            return null;
        if (!int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            bag.Error(Codes.WrongType, scalar, path.Child(field), $"'{SafeText.Word(scalar.Text)}' is not a whole number");
            return null;
        }
        if (value < least || value > most)
        {
            var range = most == int.MaxValue ? $"{least} or more" : $"{least} to {most}";
            bag.Error(Codes.InvalidValue, scalar, path.Child(field), $"{value} is out of range; use {range}");
            return null;
        }
        if (scalar.Quoted)
            bag.Warn(Codes.LooseValue, scalar, path.Child(field), "the number is in quotes", "remove the quotes");
        return value;
    }

    public T? Choice<T>(string field, Choices<T> choices)
        where T : struct
    {
        if (Scalar(field) is not { } scalar)
            return null;
        if (choices.Exact(scalar.Text) is { } exact)
            return exact;
        if (choices.Loose(scalar.Text) is { } loose)
        {
            Legacy(scalar, field, $"'{SafeText.Word(scalar.Text)}' is read as '{loose.Word}'");
            return loose.Value;
        }
        NotOneOf(field, scalar, choices.Words);
        return null;
    }

    public Fields? Map(string field) =>
        Take(field) is { } node ? Of(node, path.Child(field), bag) : null;

    /// <summary>Reads a list; null when the field is missing. Items that cannot be read are left out, with a diagnostic.</summary>
    public ValueList<T>? List<T>(string field, Func<YamlNode, NodePath, T?> bind, string? suggestion = null)
        where T : class
    {
        var node = Take(field);
        if (node is null)
            return null;
        var at = path.Child(field);
        if (node is YamlList list)
            return list.Items.Select((item, i) => bind(item, at.Child(i))).OfType<T>().ToValueList();
        bag.Error(
            Codes.WrongType, node, at, $"expected a list, found {node.Kind}",
            suggestion ?? "start each item with '- '");
        return null;
    }

    public ValueList<string>? Texts(string field, Rule? rule = null) =>
        List(field, (node, at) => TextItem(node, at, rule));

    /// <summary>Reports an error when the field is present.</summary>
    public void Refuse(string field, string reason)
    {
        if (map.Find(field) is { } entry)
            bag.Error(Codes.NotAllowed, entry.Key, path.Child(field), $"'{field}' is not allowed here: {reason}");
        Known(field);
    }

    public void Ignore(string field, string reason)
    {
        if (map.Find(field) is { } entry)
            bag.Warn(Codes.IgnoredField, entry.Key, path.Child(field), $"'{field}' is ignored: {reason}");
        Known(field);
    }

    public void Missing(string field, string? suggestion = null) =>
        bag.Error(Codes.MissingField, map, path, $"'{field}' is missing", suggestion);

    /// <summary>Reports every unknown field.</summary>
    /// <param name="lenient">Report warnings, because Render's published schema allows other fields here.</param>
    public void Finish(string what, bool lenient = false)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (_known.Contains(key.Text))
                continue;
            var suggestion = bag.IsFull ? null : Suggest.DidYouMean(key.Text, _known);
            var message = $"{what} has no field '{SafeText.Word(key.Text)}'";
            if (lenient)
                bag.Warn(Codes.UnknownField, key, path.Child(key.Text), message, suggestion);
            else
                bag.Error(Codes.UnknownField, key, path.Child(key.Text), message, suggestion);
        }
    }

    public void Legacy(YamlNode at, string field, string message, string? suggestion = null) =>
        bag.Warn(Codes.LegacySpelling, at, path.Child(field), message, suggestion);

    public void NotOneOf(string field, YamlScalar scalar, IEnumerable<string> words) =>
        bag.Error(
            Codes.InvalidValue, scalar, path.Child(field),
            $"unknown {field} '{SafeText.Word(scalar.Text)}'; use one of {SafeText.Words(words)}",
            bag.IsFull ? null : Suggest.DidYouMean(scalar.Text, words));

    public YamlScalar? Scalar(string field)
    {
        switch (Take(field))
        {
            case null:
                return null;
            case YamlScalar scalar:
                return scalar;
            case var other:
                bag.Error(Codes.WrongType, other, path.Child(field), $"expected a single value, found {other.Kind}");
                return null;
        }
    }

    /// <summary>Returns the value of a field. An empty one is ignored with a warning.</summary>
    private YamlNode? Take(string field)
    {
        Known(field);
        if (map.Find(field) is not { } entry)
            return null;
        if (entry.Value is not YamlScalar { IsNull: true })
            return entry.Value;
        bag.Warn(
            Codes.IgnoredField, entry.Key, path.Child(field), $"'{field}' has no value and is ignored",
            "set a value or remove the line");
        return null;
    }

    /// <summary>Keeps <see cref="Finish"/> from reporting the field.</summary>
    public void Known(string field)
    {
        if (!_known.Contains(field))
            _known.Add(field);
    }

    private string Checked(string field, YamlScalar scalar, Rule? rule)
    {
        var problem = scalar.Text.Contains('\0') ? Problem.Unsafe("a value cannot contain a NUL character") : rule?.Invoke(scalar.Text);
        if (problem is not null)
            bag.Error(problem.Code, scalar, path.Child(field), problem.Message, problem.Suggestion);
        return scalar.Text;
    }

    private string? TextItem(YamlNode node, NodePath at, Rule? rule)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            bag.Error(Codes.WrongType, node, at, $"expected text, found {node.Kind}");
            return null;
        }
        var problem = scalar.Text.Contains('\0') ? Problem.Unsafe("a value cannot contain a NUL character") : rule?.Invoke(scalar.Text);
        if (problem is not null)
            bag.Error(problem.Code, scalar, at, problem.Message, problem.Suggestion);
        return scalar.Text;
    }
}
