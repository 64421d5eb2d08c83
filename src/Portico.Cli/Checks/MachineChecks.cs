using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Autostart;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Checks;

/// <summary>Checks what a machine needs before a server can run on it.</summary>
internal sealed class MachineChecks(CliHost host, PlatformSettings settings)
{
    private const double Gigabyte = 1024 * 1024 * 1024;
    private static readonly Version OldestGit = new(2, 30);

    public async Task<IReadOnlyList<CheckResult>> RunAsync(bool serverRuns, CancellationToken cancellationToken) =>
    [
        CheckResult.Ok(".NET", $"runtime {Environment.Version}"),
        await GitAsync(cancellationToken),
        await ToolAsync("setsid", "util-linux", cancellationToken),
        await ToolAsync("flock", "util-linux", cancellationToken),
        HomeCheck.Run(settings.Paths.Home),
        Disk(),
        Port(serverRuns || await PortCheck.IsOurEdgeAsync(settings.Paths, cancellationToken)),
        await NamesAsync(cancellationToken),
        settings.Smtp is { } smtp
            ? CheckResult.Ok("e-mail", $"notifications are sent through {smtp}")
            : CheckResult.Ok("e-mail", "not configured; set PORTICO_SMTP_URL to get notifications of failures by e-mail"),
        CheckAutostart(),
    ];

    private CheckResult CheckAutostart()
    {
        var unit = new PlatformUnit(host, settings.Paths);
        return CheckResult.Ok("autostart", unit.IsOn ? $"on: {unit.File}" : "off; `portico autostart enable` starts Portico at boot");
    }

    private async Task<CheckResult> GitAsync(CancellationToken cancellationToken)
    {
        const string Fix = "apt-get install git";
        var output = await VersionOfAsync("git", cancellationToken);
        if (output is null)
            return CheckResult.Error("git", "not installed", Fix);
        var number = output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsDigit(word[0])) ?? "0.0";
        var parts = number.Split('.');
        return Version.TryParse(string.Join('.', parts.Take(2)), out var version) && version < OldestGit
            ? CheckResult.Error("git", $"version {number} is too old; Portico needs {OldestGit} or newer", Fix)
            : CheckResult.Ok("git", $"version {number}");
    }

    private async Task<CheckResult> ToolAsync(string program, string package, CancellationToken cancellationToken) =>
        await VersionOfAsync(program, cancellationToken) is not null
            ? CheckResult.Ok(program, "installed")
            : CheckResult.Error(program, "not installed", $"apt-get install {package}");

    private CheckResult Disk()
    {
        var place = HomeCheck.NearestExisting(settings.Paths.Home);
        var free = new DriveInfo(place).AvailableFreeSpace / Gigabyte;
        var message = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free at {place}");
        const string Fix = "Free some disk space, or set PORTICO_HOME to a directory on another disk.";
        var least = settings.MinFreeDiskBytes / Gigabyte;
        if (free < least)
            return CheckResult.Error("disk space", string.Create(CultureInfo.InvariantCulture, $"{message}; Portico starts no build below {least:0.0} GB"), Fix);
        return free switch
        {
            < 0.2 => CheckResult.Error("disk space", message, Fix),
            < 2 => CheckResult.Warning("disk space", message, Fix),
            _ => CheckResult.Ok("disk space", message),
        };
    }

    private CheckResult Port(bool isOurs)
    {
        var name = $"port {settings.HttpPort}";
        if (isOurs)
            return CheckResult.Ok(name, "used by Portico");
        return PortCheck.Failure(settings.HttpPort) switch
        {
            null => CheckResult.Ok(name, "free"),
            SocketError.AccessDenied => CheckResult.Error(
                name, "this account is not allowed to use it", "Use a port of 1024 or above: PORTICO_HTTP_PORT=8080"),
            _ => CheckResult.Error(
                name, $"in use by {PortCheck.OwnerOf(settings.HttpPort) ?? "another program"}",
                $"Stop that program, or use another port: PORTICO_HTTP_PORT={PortCheck.Suggest(settings.HttpPort)}"),
        };
    }

    private async Task<CheckResult> NamesAsync(CancellationToken cancellationToken)
    {
        var probe = $"portico-check.{settings.Domain}";
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(probe, cancellationToken);
            return CheckResult.Ok("names", $"{probe} resolves to {addresses.FirstOrDefault()}");
        }
        catch (SocketException)
        {
            return settings.Domain == "localhost"
                ? CheckResult.Warning(
                    "names", "*.localhost does not resolve on this machine; browsers and curl resolve it themselves, other programs cannot",
                    "apt-get install libnss-myhostname")
                : CheckResult.Error(
                    "names", $"{probe} does not resolve", $"Create a DNS record for *.{settings.Domain} that points to this machine.");
        }
    }

    /// <summary>Returns what <c>PROGRAM --version</c> prints; null when the program cannot be run.</summary>
    private async Task<string?> VersionOfAsync(string program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (host.Variable("PATH") is { } path)
            start.Environment["PATH"] = path;
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return output.Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
