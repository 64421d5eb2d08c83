using Portico.ControlPlane.Tests.Crash;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>Stand-ins for the repositories that the recorded services are built from, on this machine.</summary>
internal static class Repositories
{
    private static readonly string[] Names = ["express-hello-world", "nextjs-hello-world", "bun-docker", "create-react-app", "sveltekit-static"];

    private static readonly Lazy<string> Made = new(Make);

    /// <summary>The URL of the directory with all of them.</summary>
    public static string Url => $"file://{Made.Value}";

    private static string Make()
    {
        var root = Directory.CreateTempSubdirectory("portico-recorded-").FullName;
        foreach (var name in Names)
        {
            var repository = Path.Combine(root, $"{name}.git");
            UploadedSource.CopyTo(repository);
            // Render's examples have the one or the other.
            var branches = Path.Combine(repository, "refs", "heads");
            File.Copy(Path.Combine(branches, "main"), Path.Combine(branches, "master"), overwrite: true);
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }
}
