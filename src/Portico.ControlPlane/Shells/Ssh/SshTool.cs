using System.ComponentModel;
using System.Diagnostics;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>Runs a short program of the machine.</summary>
internal static class SshTool
{
    /// <exception cref="IOException">It is missing, or failed.</exception>
    public static async Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new IOException($"{command[0]} failed: {error.Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{command[0]} could not be started: {e.Message}", e);
        }
    }
}
