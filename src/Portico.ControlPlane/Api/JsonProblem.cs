using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Api;

/// <summary>What is wrong with a JSON body, in words of the body and not of this program.</summary>
internal static partial class JsonProblem
{
    public static string Describe(JsonException exception)
    {
        var field = Field(exception.Path);
        if (UnknownField().Match(exception.Message) is { Success: true } unknown)
            return $"{Join(Parent(field, unknown.Groups[1].Value), unknown.Groups[1].Value)}: there is no such field.";
        if (MissingFields().Match(exception.Message) is { Success: true } missing)
            return $"{Join(field, missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal))}: required, and missing.";
        if (NullItem().Match(exception.Message) is { Success: true } item)
            return $"{field}{item.Groups[1].Value}: a null cannot be in this list.";
        if (exception.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase))
            return $"{field ?? "body"}: given twice.";
        if (exception.InnerException is null && !exception.Message.Contains("could not be converted", StringComparison.Ordinal))
            return field is null ? "The body is not valid JSON." : $"{field}: this cannot be read.";
        return exception.Message.Contains("could not be converted", StringComparison.Ordinal) || exception.InnerException is InvalidOperationException or FormatException
            ? $"{field ?? "body"}: a value of another type is needed here."
            : $"The body is not valid JSON{(exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "")}.";
    }

    /// <summary><c>$.serviceDetails.plan</c> → <c>serviceDetails.plan</c>; null for the body itself.</summary>
    private static string? Field(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];

    /// <summary>The reader may or may not have the unknown name in the path already.</summary>
    private static string? Parent(string? field, string name) =>
        field == name ? null : field?.EndsWith($".{name}", StringComparison.Ordinal) == true ? field[..^(name.Length + 1)] : field;

    private static string Join(string? parent, string name) => parent is null ? name : $"{parent}.{name}";

    [GeneratedRegex("The JSON property '(.*)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex UnknownField();

    [GeneratedRegex(@"The item (\[\d+\]) is null")]
    private static partial Regex NullItem();

    [GeneratedRegex("was missing required properties including: (.*)\\.", RegexOptions.Singleline)]
    private static partial Regex MissingFields();
}
