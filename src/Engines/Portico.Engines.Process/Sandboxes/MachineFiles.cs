using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>The files of the machine that every sandbox shows, read-only: programs, libraries, and settings without secrets.</summary>
internal static class MachineFiles
{
    /// <summary>Names in <c>/etc</c>; a name that ends with <c>*</c> is the beginning of several.</summary>
    private static readonly string[] Settings =
    [
        "ImageMagick*", "adjtime", "alternatives", "bash.bashrc", "ca-certificates", "ca-certificates.conf", "chromium*", "debian_version", "erlang",
        "fonts", "gai.conf", "gemrc", "ghostscript", "gnutls", "host.conf", "inputrc", "java*", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
        "locale.alias", "localtime", "lsb-release", "magic", "magic.mime", "maven", "mime.types", "npmrc", "openmpi", "os-release", "papersize",
        "perl", "php", "pip.conf", "pki", "postgresql-common", "profile", "protocols", "python*", "rpc", "services", "ssl",
        "terminfo", "timezone", "xdg",
    ];

    /// <summary>The files with which programs resolve names, unless the private network has its own.</summary>
    private static readonly string[] Names = ["hosts", "resolv.conf"];

    private static readonly string[] TopLevel = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];

    /// <summary>Places where programs of the machine are found by name.</summary>
    private static readonly string[] ProgramDirectories = ["/usr/local/bin", "/usr/local/sbin", "/usr/bin"];

    private const string OptionalSoftware = "/opt";

    /// <summary>Returns arguments that show them.</summary>
    public static IEnumerable<string> Arguments()
    {
        List<string> arguments = ["--ro-bind", "/usr", "/usr"];
        foreach (var name in TopLevel)
            if (new FileInfo("/" + name).LinkTarget is { } target)
                arguments.AddRange(["--symlink", target, "/" + name]);
            else if (Directory.Exists("/" + name))
                arguments.AddRange(["--ro-bind", "/" + name, "/" + name]);
        foreach (var path in Settings.SelectMany(Matching))
            // What a link leads to is shown in its place, because its target may lie in a directory that is not shown.
            if (RealPath.Resolve(path) is { } real)
                arguments.AddRange(["--ro-bind-try", real, path]);
        arguments.AddRange(["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu", "--ro-bind-try", "/var/cache/fontconfig", "/var/cache/fontconfig"]);
        return arguments;
    }

    /// <summary>Returns arguments that show how the machine resolves names.</summary>
    public static IEnumerable<string> NameArguments() =>
        Names.SelectMany(Matching).SelectMany(path => RealPath.Resolve(path) is { } real ? (string[])["--ro-bind-try", real, path] : []);

    /// <summary>Returns arguments that show the files of a private network, which are replaced while the sandbox exists.</summary>
    /// <param name="directory">The directory with the files.</param>
    public static IEnumerable<string> NameArguments(string directory) =>
    [
        "--ro-bind", directory, SandboxPaths.Network,
        .. Names.SelectMany(name => (string[])["--symlink", Path.Combine(SandboxPaths.Network, name), $"/etc/{name}"]),
    ];

    /// <summary>Returns directories outside of <c>/usr</c> that contain programs to which links in the usual directories lead.</summary>
    /// <param name="home">The engine's home, which is never shown.</param>
    public static IReadOnlyList<string> LinkedInstallations(string home) =>
        [.. ProgramDirectories.Where(Directory.Exists).SelectMany(directory => new DirectoryInfo(directory).EnumerateFiles())
            .Where(file => file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            .Select(file => RealPath.Resolve(file.FullName)).OfType<string>().Distinct()
            .Select(program => InstallationOf(Path.GetDirectoryName(program)!, home)).OfType<string>().Distinct()];

    /// <summary>Returns the directory to show so that programs in a directory run; null if it is shown anyway or must not be shown.</summary>
    public static string? InstallationOf(string programs, string home)
    {
        var real = RealPath.Resolve(programs);
        if (real is null || IsShown(real))
            return null;
        var parts = real.Split('/');
        var root = ContainedPath.IsInside(OptionalSoftware, real) && parts.Length > 2 ? $"{OptionalSoftware}/{parts[2]}"
            : Path.GetFileName(real) == "bin" ? Path.GetDirectoryName(real)! : real;
        var isPrivate = root.Count(c => c == '/') < 2 || ContainedPath.IsInside(root, home) || ContainedPath.IsInside(home, root)
            || root == SandboxPaths.Home || root == Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return isPrivate ? null : root;
    }

    /// <summary>Whether every sandbox shows a path.</summary>
    public static bool IsShown(string path) =>
        ContainedPath.IsInside("/usr", path) || TopLevel.Any(name => ContainedPath.IsInside("/" + name, path))
        || Settings.Any(name => path.StartsWith($"/etc/{name.TrimEnd('*')}", StringComparison.Ordinal));

    private static IEnumerable<string> Matching(string name) => !name.EndsWith('*')
        ? [$"/etc/{name}"]
        : Directory.Exists("/etc") ? Directory.GetFileSystemEntries("/etc", name) : [];
}
