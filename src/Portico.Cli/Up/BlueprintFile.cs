using System.Text;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>A render.yaml on disk and the directory that is deployed with it.</summary>
internal sealed record BlueprintFile(string Path, string ShownPath, string Text)
{
    private const long LargestBytes = 10 * 1024 * 1024;
    private static readonly string[] UsualNames = ["render.yaml", "render.yml"];

    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Whether it is the installation's example app, which the user did not name.</summary>
    public bool IsExample { get; init; }

    /// <summary>The name that the server records.</summary>
    public string SentName { get; init; } = ShownPath;

    /// <param name="given">A file, a directory, or null for the working directory.</param>
    /// <param name="orExample">Whether to use the installation's example app when no path was given and the directory has no render.yaml.</param>
    /// <exception cref="CliException">The file does not exist or cannot be read.</exception>
    public static BlueprintFile Find(CliHost host, string? given, bool orExample)
    {
        var start = host.Absolute(given ?? ".");
        if (given is not null && File.Exists(start))
            return Read(host, start);
        if (given is not null && !System.IO.Directory.Exists(start))
            throw new CliException($"'{given}' does not exist.", null, ExitCode.Usage);
        if (InDirectory(start) is { } found)
            return Read(host, found);
        if (given is null && orExample && ExampleDirectory(host) is { } example && InDirectory(example) is { } exampleFile)
            return Read(host, exampleFile) with { IsExample = true };
        throw Missing(start);
    }

    /// <summary>The error when a directory has no render.yaml. It names the files of other tools that the directory has.</summary>
    public static CliException Missing(string directory) => new(
        $"There is no render.yaml in {directory}.{OtherTools.In(directory)}",
        "Pass a file or directory, or write a render.yaml, which `portico init` can begin: https://render.com/docs/blueprint-spec", ExitCode.Usage);

    /// <summary>Finds the installation's example app: under <c>PORTICO_EXAMPLES</c>, or beside the launcher, which sets <c>PORTICO_ROOT</c>.</summary>
    private static string? ExampleDirectory(CliHost host)
    {
        var examples = host.Variable("PORTICO_EXAMPLES")
            ?? (host.Variable("PORTICO_ROOT") is { } root ? System.IO.Path.Combine(root, "examples") : null);
        return examples is null ? null : System.IO.Path.Combine(host.Absolute(examples), "guestbook");
    }

    /// <summary>Returns the path of the directory's render.yaml; null if it has none.</summary>
    public static string? InDirectory(string directory) =>
        UsualNames.Select(name => System.IO.Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    private static BlueprintFile Read(CliHost host, string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestBytes)
                throw new CliException($"{path} is larger than 10 MB, which is too large for a Blueprint.", null, ExitCode.Usage);
            var shown = System.IO.Path.GetRelativePath(host.WorkingDirectory, path);
            return new BlueprintFile(
                path, shown.StartsWith("../..", StringComparison.Ordinal) ? path : shown, File.ReadAllText(path, Encoding.UTF8));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"Cannot read {path}: {error.Message}", null, ExitCode.Usage);
        }
    }
}
