namespace Portico.EndToEnd.Support;

/// <summary>Programs of this machine that a test cannot do without.</summary>
internal static class Programs
{
    /// <summary>Skips the test where one is missing, except in continuous integration, where that is a failure.</summary>
    public static void Require(params string[] names)
    {
        foreach (var name in names.Where(name => Find(name) is null))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail($"{name} is missing on this machine.");
            Assert.Skip($"{name} is missing on this machine.");
        }
    }

    public static string? Find(params string[] names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
