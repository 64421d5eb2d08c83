using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>The Git LFS server of a repository.</summary>
/// <param name="Url">The http or https URL, without credentials.</param>
/// <param name="Headers">Headers that are sent with each request.</param>
internal sealed record LfsServer(string Url, IReadOnlyDictionary<string, string> Headers)
{
    private const string Suffix = ".git";

    /// <summary>A text to append to errors of the server; may be empty.</summary>
    public string Hint { get; init; } = "";

    /// <param name="url">The server's URL, with credentials if it needs any.</param>
    public static LfsServer At(string url) => new(GitUrl.Shown(url), new Uri(url).UserInfo is { Length: > 0 } access
        ? new Dictionary<string, string> { ["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(access)))}" }
        : new Dictionary<string, string>());

    /// <param name="url">The URL of the repository.</param>
    public static LfsServer Beside(string url) => At($"{WithSuffix(url)}/info/lfs");

    /// <param name="address">The SSH address of a repository.</param>
    public static LfsServer Beside(SshAddress address) => Beside($"https://{address.Host}/{address.Path.TrimStart('/')}");

    private static string WithSuffix(string url)
    {
        var trimmed = url.TrimEnd('/');
        return trimmed.EndsWith(Suffix, StringComparison.Ordinal) ? trimmed : $"{trimmed}{Suffix}";
    }
}
