using System.Text.Json;
using System.Text.RegularExpressions;
using Portico.Api.Contracts.Render;

namespace Portico.ControlPlane.Api;

/// <summary>Describes what is wrong with a JSON body in terms of its fields instead of .NET types, and what to write instead.</summary>
internal static partial class JsonProblem
{
    public static string Describe(JsonException exception)
    {
        var field = FieldOf(ref exception);
        if (UnknownField().Match(exception.Message) is { Success: true } unknown)
            return $"{Join(Parent(field, unknown.Groups[1].Value), unknown.Groups[1].Value)}: unknown field.";
        if (MissingFields().Match(exception.Message) is { Success: true } missing)
            return $"{Join(field, missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal))}: required, but missing.";
        if (NullItem().Match(exception.Message) is { Success: true } item)
            return $"{field}{item.Groups[1].Value}: must not be null.";
        if (NullField().Match(exception.Message) is { Success: true } none)
            return $"{field ?? none.Groups[1].Value}: must not be null. Send a value or omit the field.";
        if (exception.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase))
            return $"{field ?? "body"}: appears more than once.";
        if (WrongType().Match(exception.Message) is { Success: true } wrong)
            return $"{field ?? "body"}: must be {Expected(exception.InnerException?.Message) ?? ExpectedOf(wrong.Groups[1].Value)}.";
        if (exception.InnerException is null)
            return field is null ? "The body is not valid JSON." : $"{field}: invalid JSON.";
        return exception.InnerException is InvalidOperationException or FormatException
            ? $"{field ?? "body"}: has the wrong type."
            : $"The body is not valid JSON{(exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "")}.";
    }

    /// <summary>Joins the paths of an exception and of those inside of it: a converter reads its part of a body as a document of its own.</summary>
    /// <param name="exception">Becomes the innermost.</param>
    private static string? FieldOf(ref JsonException exception)
    {
        var field = Field(exception.Path);
        while (exception.InnerException is JsonException { Path: not null } inner)
        {
            exception = inner;
            field = Field(inner.Path) is not { } below ? field : below.StartsWith('[') ? $"{field}{below}" : Join(field, below);
        }
        return field;
    }

    /// <param name="cause">What the reader of a plain value says, as in <c>Cannot get the value of a token type 'Number' as a string</c>.</param>
    /// <returns>Null if it is not about a plain value.</returns>
    private static string? Expected(string? cause) => cause switch
    {
        null => null,
        _ when cause.Contains("as a string", StringComparison.Ordinal) => "a text in quotes",
        _ when cause.Contains("as a boolean", StringComparison.Ordinal) => "true or false, without quotes",
        _ when cause.Contains("for an Int", StringComparison.Ordinal) => "a whole number within bounds",
        _ when cause.Contains("as a number", StringComparison.Ordinal) => "a number, without quotes",
        _ when cause.Contains("DateTime", StringComparison.Ordinal) => "a time in quotes, such as \"2026-01-31T12:00:00Z\"",
        _ => null,
    };

    /// <param name="type">The name of a .NET type, as in <c>System.Collections.Generic.IReadOnlyList`1[System.String]</c>.</param>
    private static string ExpectedOf(string type) => type switch
    {
        _ when type.Contains("[]", StringComparison.Ordinal) || type.Contains("List`1", StringComparison.Ordinal) => "a list",
        _ when type.EndsWith("System.String", StringComparison.Ordinal) => "a text in quotes",
        _ when type.Contains("System.Boolean", StringComparison.Ordinal) => "true or false, without quotes",
        _ when type.Contains("System.Int", StringComparison.Ordinal) || type.Contains("System.Double", StringComparison.Ordinal) => "a number, without quotes",
        _ when type.Contains("System.DateTime", StringComparison.Ordinal) => "a time in quotes, such as \"2026-01-31T12:00:00Z\"",
        _ => "an object",
    };

    /// <summary><c>$.serviceDetails.plan</c> → <c>serviceDetails.plan</c>; null for the body itself.</summary>
    private static string? Field(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];

    /// <summary>Removes an unknown name from the end of a path. Depending on the case, the reader includes it or not.</summary>
    private static string? Parent(string? field, string name) =>
        field == name ? null : field?.EndsWith($".{name}", StringComparison.Ordinal) == true ? field[..^(name.Length + 1)] : field;

    private static string Join(string? parent, string name) => parent is null ? name : $"{parent}.{name}";

    [GeneratedRegex("The JSON property '(.*)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex UnknownField();

    [GeneratedRegex(RenderJson.NullItemPrefix + @"(\[\d+\])" + RenderJson.NullItemSuffix)]
    private static partial Regex NullItem();

    [GeneratedRegex("(?:property or field|constructor parameter) '(.*?)' on type .* doesn't allow", RegexOptions.Singleline)]
    private static partial Regex NullField();

    [GeneratedRegex("The JSON value could not be converted to ([^ ]*?)\\.( |$)")]
    private static partial Regex WrongType();

    [GeneratedRegex("was missing required properties including: (.*)\\.", RegexOptions.Singleline)]
    private static partial Regex MissingFields();
}
