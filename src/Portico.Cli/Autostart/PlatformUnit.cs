using System.Security.Cryptography;
using System.Text;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Hosting;

namespace Portico.Cli.Autostart;

/// <summary>The systemd unit of one platform: its content, its path, and whether it is installed.</summary>
internal sealed class PlatformUnit(CliHost host, PlatformPaths paths)
{
    /// <summary>The launcher sets these each time that it runs.</summary>
    private static readonly string[] OfTheLauncher = ["PORTICO_ROOT", "PORTICO_SERVER_PATH", "PORTICO_EDGE_PATH"];

    public Systemd Systemd { get; } = new(host);

    public string Name { get; } = paths.Home == DefaultHome(host) ? "portico.service" : $"portico-{ShortHash(paths.Home)}.service";

    public string File => Path.Combine(Systemd.UnitFolder, Name);

    /// <summary>Readable by the platform's account alone: a proxy's address, for example, may hold a password.</summary>
    public string EnvironmentFile => Path.Combine(paths.State, "autostart.env");

    public bool IsOn => Exists(File) && Exists(Systemd.LinkOf(Name));

    public bool IsThere => Exists(File);

    /// <summary>Calls the launcher where there is one, so that the unit starts the newest build.</summary>
    public IReadOnlyList<string> Command => Launcher is { } launcher ? ["/bin/sh", launcher, "start"] : [Environment.ProcessPath!, "start"];

    /// <summary>The variables that a server started now would get.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables => ServerEnvironment.Of(host.Variables)
        .Where(item => Launcher is null || !OfTheLauncher.Contains(item.Key))
        .Where(item => item.Key != "PORTICO_HOME")
        .Append(new("PORTICO_HOME", paths.Home))
        .OrderBy(item => item.Key, StringComparer.Ordinal);

    /// <exception cref="CliException">The unit cannot be written.</exception>
    public void Write()
    {
        if (paths.Home.Contains('\n', StringComparison.Ordinal) || Command.Any(word => word.Contains('\n', StringComparison.Ordinal)))
            throw new CliException("A systemd unit cannot contain a path with a line break.", "Move PORTICO_HOME or this installation to another directory.");
        var text = new UnitText(paths.Home, Command, EnvironmentFile, paths.Database, Systemd.OfUser).ToString();
        try
        {
            Directory.CreateDirectory(paths.State, DurableFile.Private | UnixFileMode.UserExecute);
            var variables = string.Concat(Variables.Select(item => UnitText.Variable(item.Key, item.Value) + "\n"));
            DurableFile.Write(EnvironmentFile, Encoding.UTF8.GetBytes(variables), DurableFile.Private);
            Directory.CreateDirectory(Systemd.UnitFolder);
            DurableFile.Write(File, Encoding.UTF8.GetBytes(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"Cannot write the systemd unit {File}: {error.Message}");
        }
    }

    public void Delete()
    {
        System.IO.File.Delete(File);
        if (Directory.Exists(paths.State))
            System.IO.File.Delete(EnvironmentFile);
    }

    private string? Launcher =>
        host.Variable("PORTICO_ROOT") is { } root && Path.Combine(Path.GetFullPath(root), "portico") is var path && Exists(path) ? path : null;

    // A link with a missing target exists too.
    private static bool Exists(string path) => new FileInfo(path) is { Exists: true } or { LinkTarget: not null };

    private static string DefaultHome(CliHost host) =>
        PlatformSettings.Load(host.Variables.Where(item => item.Key == "HOME").ToDictionary()).Paths.Home;

    private static string ShortHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
