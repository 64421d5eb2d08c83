using System.Globalization;
using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// How git gets to a remote. What is secret goes by the environment: arguments of a process can be read by everybody on the
/// machine.
/// </summary>
/// <param name="Url">Without user name and password, where they are given in another way.</param>
/// <param name="Protocols">What git may connect by, as in <c>GIT_ALLOW_PROTOCOL</c>.</param>
public sealed record GitRemote(string Url, string Protocols, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The key that it is reached with by ssh; null: the one that the account has.</summary>
    public SshAccess? Ssh { get; init; }

    /// <param name="pin">The address that the host's name was found to have; null: git looks it up itself.</param>
    /// <param name="ssh">Null: the key that the account has.</param>
    public static GitRemote Of(string url, System.Net.IPAddress? pin = null, SshAccess? ssh = null)
    {
        ArgumentNullException.ThrowIfNull(url);
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

/// <param name="KeyFile">A private key that only the account can read.</param>
/// <param name="KnownHosts">Remembers a host's key from the first time on: another one is refused later.</param>
public sealed record SshAccess(string KeyFile, string KnownHosts);

/// <summary>What a remote says of a branch.</summary>
/// <param name="Commit">Null where there is no such branch, or no answer.</param>
/// <param name="Problem">Why there is no answer; null when there is one.</param>
public sealed record RemoteTip(string? Commit, string? Problem);
