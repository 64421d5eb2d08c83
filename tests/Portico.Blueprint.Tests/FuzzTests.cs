namespace Portico.Blueprint.Tests;

public sealed class FuzzTests
{
    /// <summary>Far above what any parse takes, so that only a hang reaches it, also on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Mutated_files_are_answered_and_never_thrown_at()
    {
        var texts = CorpusFiles.Read().Select(file => file.Text).Concat(Cases()).ToList();
        var mutation = new Mutation(texts);
        var count = SourceRoot.IsCi ? 100_000 : 10_000;
        var at = -1;
        var work = Task.Factory.StartNew(
            () =>
            {
                for (var seed = 0; seed < count; seed++)
                {
                    Volatile.Write(ref at, seed);
                    Try(mutation.Make(seed), seed);
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        for (var seen = -1; await Task.WhenAny(work, Task.Delay(Patience, TestContext.Current.CancellationToken)) != work; seen = Volatile.Read(ref at))
            Assert.False(seen == Volatile.Read(ref at), $"seed {seen} takes more than {Patience}:\n{mutation.Make(Math.Max(seen, 0))}");
        await work;
    }

    private static IEnumerable<string> Cases() =>
        Directory.EnumerateFiles(SourceRoot.Cases, "render.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText);

    private static void Try(string text, int seed)
    {
        try
        {
            var result = BlueprintParser.Parse(text);
            Assert.True(result.File is not null || result.HasErrors, "neither a file nor an error");
            if (!result.HasErrors)
                Assert.Equal(result.File, BlueprintParser.Parse(BlueprintWriter.Write(result.File!)).File);
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"seed {seed}:\n{text}", problem);
        }
    }
}
