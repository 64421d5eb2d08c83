using System.ComponentModel;
using System.Diagnostics;
using Portico.Cli.Hosting;

namespace Portico.Cli.Autostart;

/// <summary>Talks to systemd: to the machine's as root, otherwise to the user's own.</summary>
internal sealed class Systemd(CliHost host)
{
    public static bool OfUser => !Environment.IsPrivilegedProcess;

    /// <summary>Whether systemd is this machine's init, which an installed package does not tell. Same check as <c>sd_booted(3)</c>.</summary>
    public bool IsBooted => Directory.Exists(Path.Combine(host.Root, "run/systemd/system"));

    public string UnitFolder => !OfUser
        ? Path.Combine(host.Root, "etc/systemd/system")
        : Path.Combine(host.Variable("XDG_CONFIG_HOME") ?? Path.Combine(host.Variable("HOME") ?? "/", ".config"), "systemd/user");

    /// <summary>The path of the link that systemd creates while the unit is enabled.</summary>
    public string LinkOf(string unit) => Path.Combine(UnitFolder, $"{UnitText.Target(OfUser)}.wants", unit);

    /// <exception cref="CliException"><c>systemctl</c> failed.</exception>
    public async Task ControlAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        string[] all = OfUser ? ["--user", .. arguments] : arguments;
        if (await TryRunAsync("systemctl", all, cancellationToken) is { } problem)
            throw new CliException($"`systemctl {string.Join(' ', all)}` failed: {problem}");
    }

    /// <summary>Turns lingering on: without it, a user's systemd runs only while the user is logged in.</summary>
    /// <returns>Null when it is on; otherwise the reason why not.</returns>
    public Task<string?> LingerAsync(CancellationToken cancellationToken) => TryRunAsync("loginctl", ["enable-linger"], cancellationToken);

    private async Task<string?> TryRunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var path = (host.Variable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path ?? program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}. {(await error).Trim()}";
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
