using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Who keeps a repository's files in Git LFS.</summary>
/// <param name="Url">By http or https, without access.</param>
/// <param name="Headers">Sent with each question.</param>
internal sealed record LfsServer(string Url, IReadOnlyDictionary<string, string> Headers)
{
    private const string Suffix = ".git";

    /// <summary>To be added where the server refuses; empty where there is nothing to add.</summary>
    public string Hint { get; init; } = "";

    /// <param name="url">Its own, with access where it needs any.</param>
    public static LfsServer At(string url) => new(GitUrl.Shown(url), new Uri(url).UserInfo is { Length: > 0 } access
        ? new Dictionary<string, string> { ["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(access)))}" }
        : new Dictionary<string, string>());

    /// <param name="url">The repository's.</param>
    public static LfsServer Beside(string url) => At($"{WithSuffix(url)}/info/lfs");

    /// <param name="address">Of a repository that is read by ssh.</param>
    public static LfsServer Beside(SshAddress address) => Beside($"https://{address.Host}/{address.Path.TrimStart('/')}");

    private static string WithSuffix(string url)
    {
        var trimmed = url.TrimEnd('/');
        return trimmed.EndsWith(Suffix, StringComparison.Ordinal) ? trimmed : $"{trimmed}{Suffix}";
    }
}
