namespace Portico.ControlPlane.Tests.Git;

/// <summary>Programs that a test cannot do without.</summary>
internal static class Installed
{
    /// <summary>Skips the test where the program is missing, except in continuous integration, where that is a failure.</summary>
    /// <returns>Its path.</returns>
    public static string Require(string name)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{name} is missing on this machine. ./test installs it.");
        Assert.SkipWhen(path is null, $"{name} is missing on this machine.");
        return path!;
    }
}
