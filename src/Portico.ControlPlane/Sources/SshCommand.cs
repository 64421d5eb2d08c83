using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>Builds calls of ssh that never prompt and have no side effects such as forwarding.</summary>
internal static class SshCommand
{
    private static readonly string[] Strict =
        ["-oBatchMode=yes", "-oConnectTimeout=20", "-oForwardAgent=no", "-oClearAllForwardings=yes", "-oPermitLocalCommand=no"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns the value of <c>GIT_SSH_COMMAND</c>, which Git passes to a shell.</summary>
    /// <param name="access">The SSH key; null for the account's own.</param>
    public static string ForGit(SshAccess? access) => string.Join(' ', ["ssh", .. Options(access).Select(Quote)]);

    /// <summary>Runs a command on the server.</summary>
    /// <param name="command">The command for the server's shell. Quote its arguments with <see cref="Quote"/>.</param>
    public static async Task<ProcessResult> RunAsync(SshAddress address, SshAccess? access, string command, CancellationToken cancellationToken)
    {
        string[] port = address.Port is { } number ? ["-p", number.ToString(CultureInfo.InvariantCulture)] : [];
        var start = new ProcessStartInfo("ssh", [.. Options(access), .. port, "--", address.Target, command]) { WorkingDirectory = "/" };
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

    private static string[] Options(SshAccess? access) => access is null ? Strict
        : [.. Strict, "-F", "/dev/null", "-oIdentitiesOnly=yes", "-oStrictHostKeyChecking=accept-new", "-i", access.KeyFile, $"-oUserKnownHostsFile={access.KnownHosts}"];
}
