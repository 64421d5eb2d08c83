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

/// <summary>What a machine must have before a server can run on it.</summary>
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
            ? CheckResult.Ok("e-mail", $"sent through {smtp}")
            : CheckResult.Ok("e-mail", "none is sent; set PORTICO_SMTP_URL to be told of failures"),
        CheckAutostart(),
    ];

    private CheckResult CheckAutostart()
    {
        var unit = new PlatformUnit(host, settings.Paths);
        return CheckResult.Ok("autostart", unit.IsOn ? $"on: {unit.File}" : "off; `portico autostart enable` starts the platform with the machine");
    }

    private async Task<CheckResult> GitAsync(CancellationToken cancellationToken)
    {
        const string Fix = "apt-get install git";
        var output = await VersionOfAsync("git", cancellationToken);
        if (output is null)
            return CheckResult.Error("git", "it is not installed", Fix);
        var number = output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsDigit(word[0])) ?? "0.0";
        var parts = number.Split('.');
        return Version.TryParse(string.Join('.', parts.Take(2)), out var version) && version < OldestGit
            ? CheckResult.Error("git", $"version {number} is older than {OldestGit}", Fix)
            : CheckResult.Ok("git", $"version {number}");
    }

    private async Task<CheckResult> ToolAsync(string program, string package, CancellationToken cancellationToken) =>
        await VersionOfAsync(program, cancellationToken) is not null
            ? CheckResult.Ok(program, "installed")
            : CheckResult.Error(program, "it is not installed", $"apt-get install {package}");

    private CheckResult Disk()
    {
        var place = HomeCheck.NearestExisting(settings.Paths.Home);
        var free = new DriveInfo(place).AvailableFreeSpace / Gigabyte;
        var message = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free at {place}");
        const string Fix = "Free some space, or set PORTICO_HOME to another disk.";
        var least = settings.MinFreeDiskBytes / Gigabyte;
        if (free < least)
            return CheckResult.Error("disk space", string.Create(CultureInfo.InvariantCulture, $"{message}; builds are refused below {least:0.0} GB"), Fix);
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
            return CheckResult.Ok(name, "ours");
        return PortCheck.Failure(settings.HttpPort) switch
        {
            null => CheckResult.Ok(name, "free"),
            SocketError.AccessDenied => CheckResult.Error(
                name, "this account may not use it", "Choose a port from 1024 on: PORTICO_HTTP_PORT=8080"),
            _ => CheckResult.Error(
                name, $"taken by {PortCheck.OwnerOf(settings.HttpPort) ?? "another program"}",
                $"Stop that program, or choose another port: PORTICO_HTTP_PORT={PortCheck.Suggest(settings.HttpPort)}"),
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
                    "names", "*.localhost does not resolve here; browsers and curl know it by themselves, other programs do not",
                    "apt-get install libnss-myhostname")
                : CheckResult.Error(
                    "names", $"{probe} does not resolve", $"Make a DNS record for *.{settings.Domain} that points to this machine.");
        }
    }

    /// <summary>Null when the program cannot be run.</summary>
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
