using System.Text.Json;
using System.Text.RegularExpressions;
using Portico.Api.Contracts.Render;

namespace Portico.ControlPlane.Api;

/// <summary>Describes what is wrong with a JSON body in terms of its fields instead of .NET types.</summary>
internal static partial class JsonProblem
{
    public static string Describe(JsonException exception)
    {
        var field = Field(exception.Path);
        if (UnknownField().Match(exception.Message) is { Success: true } unknown)
            return $"{Join(Parent(field, unknown.Groups[1].Value), unknown.Groups[1].Value)}: unknown field.";
        if (MissingFields().Match(exception.Message) is { Success: true } missing)
            return $"{Join(field, missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal))}: required, but missing.";
        if (NullItem().Match(exception.Message) is { Success: true } item)
            return $"{field}{item.Groups[1].Value}: must not be null.";
        if (exception.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase))
            return $"{field ?? "body"}: appears more than once.";
        if (exception.InnerException is null && !exception.Message.Contains("could not be converted", StringComparison.Ordinal))
            return field is null ? "The body is not valid JSON." : $"{field}: invalid JSON.";
        return exception.Message.Contains("could not be converted", StringComparison.Ordinal) || exception.InnerException is InvalidOperationException or FormatException
            ? $"{field ?? "body"}: has the wrong type."
            : $"The body is not valid JSON{(exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "")}.";
    }

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

    [GeneratedRegex("was missing required properties including: (.*)\\.", RegexOptions.Singleline)]
    private static partial Regex MissingFields();
}
