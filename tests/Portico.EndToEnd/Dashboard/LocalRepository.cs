using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>A repository on this machine, which its owner may deploy from.</summary>
internal static class LocalRepository
{
    /// <summary>A server that answers with a variable.</summary>
    public static (string Path, string Content) Server => ("server.js", """
        const http = require("node:http");
        http.createServer((request, response) => response.end(process.env.GREETING)).listen(process.env.PORT, "0.0.0.0");
        process.on("SIGTERM", () => process.exit(0));
        """);

    /// <param name="name">A name that no other test uses.</param>
    /// <returns>Its URL.</returns>
    public static async Task<string> CreateAsync(TestPlatform platform, string name, params (string Path, string Content)[] files)
    {
        var folder = FolderOf(platform, name);
        Directory.CreateDirectory(folder);
        await GitAsync(folder, "init", "-q", "-b", "main");
        await CommitAsync(platform, name, files);
        return $"file://{folder}";
    }

    /// <summary>Writes files in a repository and commits them.</summary>
    public static async Task CommitAsync(TestPlatform platform, string name, params (string Path, string Content)[] files)
    {
        var folder = FolderOf(platform, name);
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder, path), content, TestContext.Current.CancellationToken);
        }
        await GitAsync(folder, "add", ".");
        await GitAsync(folder, "-c", "user.name=Ada", "-c", "user.email=ada@localhost", "commit", "-q", "-m", "A shop");
    }

    private static string FolderOf(TestPlatform platform, string name) => Path.Combine(Path.GetDirectoryName(platform.App)!, name);

    private static async Task GitAsync(string folder, params string[] arguments)
    {
        using var git = new CommandRun("git", arguments, new Dictionary<string, string?>(), folder);
        (await git.EndAsync(TimeSpan.FromSeconds(30))).ShouldSucceed();
    }
}
