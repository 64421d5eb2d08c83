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
        return Missing().Match(exception.Message) is { Success: true } missing
            ? $"{missing.Groups[1].Value}: required, but missing. Add it to the query."
            : exception.Message;
    }

    // Required parameter "string resource" was not provided from route or query string.
    [GeneratedRegex("Required parameter \".* (\\w+)\" was not provided from .*query string", RegexOptions.Singleline)]
    private static partial Regex Missing();
}
