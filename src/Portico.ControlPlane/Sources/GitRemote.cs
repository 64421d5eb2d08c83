using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portico.ControlPlane.Outbound;
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
    /// <summary>The options of ssh: the address, and the key.</summary>
    public IReadOnlyList<string> SshOptions { get; private init; } = [];

    /// <summary>The server; null if the URL is not one of ssh.</summary>
    public SshAddress? Ssh { get; private init; }

    public bool IsLocal => Protocols == "file";

    /// <summary>A repository in a directory of this machine.</summary>
    public static GitRemote Local(string path) => Of($"file://{path}", null, null);

    /// <param name="addresses">The checked addresses of the host, git connects to one of them; null for a directory.</param>
    /// <param name="ssh">The SSH key; null for the account's own.</param>
    public static GitRemote Of(string url, IReadOnlyList<IPAddress>? addresses, SshAccess? ssh)
    {
        var shown = GitUrl.Shown(url);
        var settings = new List<(string Key, string Value)> { ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "60") };
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            // Another host than the one that was looked at must not be where it ends.
            settings.Add(("http.followRedirects", "false"));
            if (shown != url)
                settings.Add(("http.extraHeader", $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)))}"));
            // A proxy connects from another machine, where such an address is another place.
            if (addresses is not null && addresses.All(address => !OutboundAddresses.IsOfInternet(address)))
                settings.Add(("http.proxy", ""));
            // A proxy resolves the name itself, so that this has no effect on it.
            if (addresses is not null && uri.HostNameType == UriHostNameType.Dns)
                settings.Add(("http.curloptResolve", $"{uri.IdnHost}:{uri.Port}:{string.Join(',', addresses.Select(Bracketed))}"));
        }
        var environment = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = settings.Count.ToString(CultureInfo.InvariantCulture) };
        for (var i = 0; i < settings.Count; i++)
            (environment[$"GIT_CONFIG_KEY_{i}"], environment[$"GIT_CONFIG_VALUE_{i}"]) = settings[i];
        var server = SshAddress.Parse(url);
        var options = SshCommand.Options(server, addresses, ssh);
        environment["GIT_SSH_COMMAND"] = SshCommand.ForGit(options);
        return new GitRemote(shown, GitCommand.ProtocolsFor(url), environment) { SshOptions = options, Ssh = server };
    }

    private static string Bracketed(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}

/// <param name="KeyFile">A private key file that only the account can read.</param>
/// <param name="KnownHosts">The file that stores each host's key on the first connection. A different key is rejected later.</param>
internal sealed record SshAccess(string KeyFile, string KnownHosts);

/// <summary>The state of a remote's branch.</summary>
/// <param name="Commit">The commit; null if the branch does not exist or there was no response.</param>
/// <param name="Problem">Why there was no response; null if there was one.</param>
internal sealed record RemoteTip(string? Commit, string? Problem);
