using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api;

/// <summary>Describes a request that the framework could not read, in terms of HTTP instead of .NET.</summary>
internal static partial class HttpProblem
{
    public static string Describe(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
            return JsonProblem.Describe(json);
        if (Unreadable().Match(exception.Message) is { Success: true } wrong)
            return $"{wrong.Groups[2].Value}: '{wrong.Groups[3].Value}' is not {Expected(wrong.Groups[1].Value)}.";
        if (Missing().Match(exception.Message) is { Success: true } missing)
            return $"{missing.Groups[1].Value}: required, but missing. Add it to the {(missing.Groups[2].Value == "query string" ? "query" : missing.Groups[2].Value)}.";
        return exception.Message;
    }

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("bool", StringComparison.Ordinal) => "true or false",
        _ when type.Contains("int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("DateTime", StringComparison.Ordinal) => "a time such as 2026-01-31T12:00:00Z",
        _ => "a valid value",
    };

    // Failed to bind parameter "Nullable<int> tail" from "many".
    [GeneratedRegex("Failed to bind parameter \"(.*) (\\w+)\" from \"(.*)\"", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    // Required parameter "string resource" was not provided from query string.
    [GeneratedRegex("Required parameter \".* (\\w+)\" was not provided from (.*)\\.", RegexOptions.Singleline)]
    private static partial Regex Missing();
}
