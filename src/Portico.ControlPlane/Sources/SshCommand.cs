using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>Builds calls of ssh that never prompt and have no side effects such as forwarding.</summary>
internal static class SshCommand
{
    private static readonly string[] Strict =
        ["-oBatchMode=yes", "-oConnectTimeout=20", "-oForwardAgent=no", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns the value of <c>GIT_SSH_COMMAND</c>, which Git passes to a shell.</summary>
    public static string ForGit(IEnumerable<string> options) => string.Join(' ', ["ssh", .. options.Select(Quote)]);

    /// <summary>Runs a command on the server.</summary>
    /// <param name="command">The command for the server's shell. Quote its arguments with <see cref="Quote"/>.</param>
    /// <param name="options">As in <see cref="GitRemote.SshOptions"/>.</param>
    public static async Task<ProcessResult> RunAsync(SshAddress address, IReadOnlyList<string> options, string command, CancellationToken cancellationToken)
    {
        string[] port = address.Port is { } number ? ["-p", number.ToString(CultureInfo.InvariantCulture)] : [];
        var start = new ProcessStartInfo("ssh", [.. options, .. port, "--", address.Target, command]) { WorkingDirectory = "/" };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await CapturedProcess.RunAsync(start, null, patience.Token);
        }
        catch (Win32Exception exception)
        {
            throw new GitException("ssh is not installed. Install it: apt-get install openssh-client", exception);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ProcessResult(-1, "", $"there was no response within {Patience.TotalSeconds:0} seconds");
        }
    }

    public static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Returns the options for one server.</summary>
    /// <param name="address">The server; null if the URL is not one of ssh, so that ssh has nothing to connect to.</param>
    /// <param name="checkedAddresses">The addresses to connect to, whatever the name means elsewhere. ssh takes one.</param>
    /// <param name="access">The SSH key; null for the account's own.</param>
    internal static IReadOnlyList<string> Options(SshAddress? address, IReadOnlyList<IPAddress>? checkedAddresses, SshAccess? access)
    {
        var options = new List<string>(Strict);
        if (address is not null && checkedAddresses is [var first, ..])
            // The server's key is still known by the server's name.
            options.AddRange([$"-oHostName={Preferred(checkedAddresses) ?? first}", $"-oHostKeyAlias={(address.Port is { } port and not 22 ? $"[{address.Host}]:{port}" : address.Host)}", "-oCheckHostIP=no"]);
        if (access is not null)
            options.AddRange(["-F", "/dev/null", "-oIdentitiesOnly=yes", "-oStrictHostKeyChecking=accept-new", "-i", access.KeyFile, $"-oUserKnownHostsFile={access.KnownHosts}"]);
        return options;
    }

    /// <summary>Prefers IPv4, because ssh tries no second address.</summary>
    private static IPAddress? Preferred(IReadOnlyList<IPAddress> addresses) =>
        addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}
