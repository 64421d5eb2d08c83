using System.Globalization;
using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// How git connects to a remote. Secrets are passed in the environment, because all users of the machine can read the
/// arguments of a process.
/// </summary>
/// <param name="Url">The URL, without user name and password if these are passed in another way.</param>
/// <param name="Protocols">The allowed protocols, as in <c>GIT_ALLOW_PROTOCOL</c>.</param>
internal sealed record GitRemote(string Url, string Protocols, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The SSH key; null for the account's own.</summary>
    public SshAccess? Ssh { get; init; }

    /// <param name="pin">The address that the host name was resolved to; null if git looks it up itself.</param>
    /// <param name="ssh">The SSH key; null for the account's own.</param>
    public static GitRemote Of(string url, System.Net.IPAddress? pin = null, SshAccess? ssh = null)
    {
        var shown = GitUrl.Shown(url);
        var settings = new List<(string Key, string Value)> { ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "60") };
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            // Another host than the one that was looked at must not be where it ends.
            settings.Add(("http.followRedirects", "false"));
            if (shown != url)
                settings.Add(("http.extraHeader", $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)))}"));
            if (pin is not null)
                settings.Add(("http.curloptResolve", $"{uri.IdnHost}:{uri.Port}:{pin}"));
        }
        var environment = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = settings.Count.ToString(CultureInfo.InvariantCulture) };
        for (var i = 0; i < settings.Count; i++)
            (environment[$"GIT_CONFIG_KEY_{i}"], environment[$"GIT_CONFIG_VALUE_{i}"]) = settings[i];
        environment["GIT_SSH_COMMAND"] = SshCommand.ForGit(ssh);
        return new GitRemote(shown, GitCommand.ProtocolsFor(url), environment) { Ssh = ssh };
    }
}

/// <param name="KeyFile">A private key file that only the account can read.</param>
/// <param name="KnownHosts">The file that stores each host's key on the first connection. A different key is rejected later.</param>
internal sealed record SshAccess(string KeyFile, string KnownHosts);

/// <summary>The state of a remote's branch.</summary>
/// <param name="Commit">The commit; null if the branch does not exist or there was no response.</param>
/// <param name="Problem">Why there was no response; null if there was one.</param>
internal sealed record RemoteTip(string? Commit, string? Problem);
