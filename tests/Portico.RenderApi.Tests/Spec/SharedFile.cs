using Portico.Testing;

namespace Portico.RenderApi.Tests.Spec;

/// <summary>Facts about Render that lie beside the repository, in <c>shared/render</c>: not every machine has them.</summary>
internal static class SharedFile
{
    /// <returns>Null when the machine does not have it.</returns>
    public static string? Find(string name)
    {
        for (var at = new DirectoryInfo(SourceTree.Root); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "render", name);
            if (File.Exists(candidate))
                return candidate;
        }
        return null;
    }

    /// <summary>The file; without it the test skips, or fails where it must not be missing.</summary>
    public static string Require(string name)
    {
        if (Find(name) is { } path)
            return path;
        Assert.False(Environment.GetEnvironmentVariable("CI") is "1" or "true", $"Render's {name} is missing.");
        Assert.Skip($"Render's {name} is not on this machine.");
        throw new InvalidOperationException("Unreachable: the test was skipped.");
    }
}
