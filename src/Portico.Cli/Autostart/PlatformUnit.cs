using System.Security.Cryptography;
using System.Text;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Autostart;

/// <summary>The unit of one platform: what is in it, where it lies, and whether it is there.</summary>
internal sealed class PlatformUnit(CliHost host, PlatformPaths paths)
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Made by the launcher anew each time that it runs.</summary>
    private static readonly string[] OfTheLauncher = ["PORTICO_ROOT", "PORTICO_SERVER_PATH", "PORTICO_EDGE_PATH"];

    public Systemd Systemd { get; } = new(host);

    public string Name { get; } = paths.Home == DefaultHome(host) ? "portico.service" : $"portico-{ShortHash(paths.Home)}.service";

    public string File => Path.Combine(Systemd.UnitFolder, Name);

    /// <summary>Readable by the platform's account alone: a proxy's address, for example, may hold a password.</summary>
    public string EnvironmentFile => Path.Combine(paths.State, "autostart.env");

    public bool IsOn => Exists(File) && Exists(Systemd.LinkOf(Name));

    public bool IsThere => Exists(File);

    /// <summary>By the launcher where there is one, so that it goes on with whatever it builds then.</summary>
    public IReadOnlyList<string> Command => Launcher is { } launcher ? ["/bin/sh", launcher, "start"] : [Environment.ProcessPath!, "start"];

    /// <summary>The same that a server gets which is started now.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables => ServerEnvironment.Of(host.Variables)
        .Where(item => Launcher is null || !OfTheLauncher.Contains(item.Key))
        .Where(item => item.Key != "PORTICO_HOME")
        .Append(new("PORTICO_HOME", paths.Home))
        .OrderBy(item => item.Key, StringComparer.Ordinal);

    /// <exception cref="CliException">It cannot be written.</exception>
    public void Write()
    {
        if (paths.Home.Contains('\n', StringComparison.Ordinal) || Command.Any(word => word.Contains('\n', StringComparison.Ordinal)))
            throw new CliException("A path with a line break cannot be in a systemd unit.", "Move PORTICO_HOME, or this installation, to another place.");
        var text = new UnitText(paths.Home, Command, EnvironmentFile, paths.Database, Systemd.OfUser).ToString();
        try
        {
            Directory.CreateDirectory(paths.State, OwnerReadsAndWrites | UnixFileMode.UserExecute);
            Replace(EnvironmentFile, string.Concat(Variables.Select(item => UnitText.Variable(item.Key, item.Value) + "\n")), OwnerReadsAndWrites);
            Directory.CreateDirectory(Systemd.UnitFolder);
            Replace(File, text, OwnerReadsAndWrites | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The unit cannot be written: {error.Message}");
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

    private static void Replace(string file, string text, UnixFileMode mode)
    {
        var temporary = file + ".new";
        System.IO.File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
            stream.Write(Encoding.UTF8.GetBytes(text));
        System.IO.File.Move(temporary, file, overwrite: true);
    }

    // A link may lead nowhere from here, and is there all the same.
    private static bool Exists(string path) => new FileInfo(path) is { Exists: true } or { LinkTarget: not null };

    private static string DefaultHome(CliHost host) =>
        PlatformSettings.Load(host.Variables.Where(item => item.Key == "HOME").ToDictionary()).Paths.Home;

    private static string ShortHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
