namespace Portico.Blueprint.Tests;

/// <summary>Compares a text with the one that a person has looked at and committed.</summary>
internal static class Verified
{
    public static async Task Matches(string file, string actual)
    {
        if (SourceRoot.Accepting)
            await File.WriteAllTextAsync(file, actual, TestContext.Current.CancellationToken);
        var expected = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        Assert.Equal(expected, actual);
    }
}
