using System.Diagnostics;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A repository with two commits: the second changes only <c>api</c>.</summary>
internal static class UploadedSource
{
    private static readonly Lazy<(string Repository, string First, string Second)> Made = new(Make);

    public static string First => Made.Value.First;

    public static string Second => Made.Value.Second;

    /// <summary>As a repository that anybody may clone; <c>main</c> is the second commit.</summary>
    public static string Url => $"file://{Made.Value.Repository}";

    /// <param name="commit">Only this one is kept; null: both.</param>
    public static void CopyTo(string repository, string? commit = null)
    {
        foreach (var file in Directory.EnumerateFiles(Made.Value.Repository, "*", SearchOption.AllDirectories))
        {
            if (commit is not null && Path.GetFileName(Path.GetDirectoryName(file)) == "portico" && Path.GetFileName(file) != commit)
                continue;
            var target = Path.Combine(repository, Path.GetRelativePath(Made.Value.Repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static (string, string, string) Make()
    {
        var root = Directory.CreateTempSubdirectory("portico-source-").FullName;
        var (repository, tree) = (Path.Combine(root, "uploads.git"), Directory.CreateDirectory(Path.Combine(root, "tree")).FullName);
        Run("init", "--quiet", "--bare", "--template=", repository);
        foreach (var directory in (string[])["api", "web", "worker"])
        {
            Directory.CreateDirectory(Path.Combine(tree, directory));
            File.WriteAllText(Path.Combine(tree, directory, "main"), directory);
        }
        var first = Commit();
        File.WriteAllText(Path.Combine(tree, "api", "main"), "changed");
        var second = Commit();
        Run("--git-dir", repository, "update-ref", "refs/heads/main", second);
        Run("--git-dir", repository, "symbolic-ref", "HEAD", "refs/heads/main");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return (repository, first, second);

        string Commit()
        {
            string[] here = ["--git-dir", repository, "--work-tree", tree, "-c", "user.name=t", "-c", "user.email=t@example.invalid"];
            Run([.. here, "add", "-A"]);
            Run([.. here, "commit", "--quiet", "-m", "test"]);
            var commit = Run([.. here, "rev-parse", "HEAD"]).Trim();
            Run([.. here, "update-ref", $"refs/portico/{commit}", commit]);
            return commit;
        }
    }

    private static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {arguments[^1]} exited with {process.ExitCode}.");
    }
}
