using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api.Access;

/// <summary>What a client calls itself, so that people recognize it in a list.</summary>
internal static class ClientName
{
    private const int Longest = 100;

    /// <returns>The User-Agent, shortened and without characters that a terminal would not print; null for none.</returns>
    public static string? Of(HttpRequest request)
    {
        var text = string.Concat(request.Headers.UserAgent.ToString().Where(c => c is >= ' ' and <= '~')).Trim();
        return text.Length == 0 ? null : text.Length <= Longest ? text : text[..Longest];
    }
}
