using System.Globalization;
using System.Text;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>Commits are described as git itself does it.</summary>
public sealed class CommitTextTests : IDisposable
{
    private const string Start = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 1 +0000\n";

    private readonly string _root = Directory.CreateTempSubdirectory("portico-commits-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("committer A <a@x> 1700000000 +0100\n\nOne line\n")]
    [InlineData("committer A <a@x> 1700000000 -0930\n\n\n Subject\n\nBody with ü and €\n\n\n")]
    [InlineData("committer <> 5 +0000\ngpgsig -----BEGIN\n encoding x\n \n -----END\n\nSigned\n")]
    [InlineData("committer A > B <a@x> 1700000000 +0000\n\nName with a bracket")]
    [InlineData("committer A <a@x> 1700000000 +0000\n\n")]
    [InlineData("committer A <a@x> 1700000000 +0000\nencoding ISO-8859-1\n\nNot UTF-8\n")]
    [InlineData("committer A <a@x>1700000000 +0000\n\nNo space\n")]
    [InlineData("committer A <a@x> 99999999999999999 +0000\n\nFar away\n")]
    public async Task Commit_is_described_as_by_git(string rest)
    {
        var (repository, commit) = await CommitAsync(rest);
        var shown = await GitCommand.RunAsync(repository, ["show", "--no-patch", "--format=%ct%n%B", commit], Token);
        var end = shown.IndexOf('\n', StringComparison.Ordinal);

        using var store = new SourceStore(_root, null, TimeProvider.System);
        var described = await store.DescribeAsync("uploads-tea-1.git", commit, Token);
        Assert.Equal(shown[(end + 1)..].Trim(), described.Message);
        Assert.Equal(Math.Min(long.Parse(shown.AsSpan(0, end), CultureInfo.InvariantCulture), DateTimeOffset.MaxValue.ToUnixTimeSeconds()), described.At.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Commit_that_is_huge_is_described_without_its_message()
    {
        var (_, commit) = await CommitAsync($"committer A <a@x> 1700000000 +0000\n\n{new string('x', CommitText.LargestCommit)}");
        using var store = new SourceStore(_root, null, TimeProvider.System);
        var described = await store.DescribeAsync("uploads-tea-1.git", commit, Token);
        Assert.Equal(("", 1_700_000_000), (described.Message, described.At.ToUnixTimeSeconds()));
    }

    [Fact]
    public void Long_message_is_cut() =>
        Assert.Equal(10_000, CommitText.Parse(Encoding.UTF8.GetBytes($"{Start}committer A <a@x> 1 +0000\n\n{new string('x', 20_000)}"))!.Message.Length);

    private async Task<(GitRepository Repository, string Commit)> CommitAsync(string rest)
    {
        var repository = new GitRepository(Path.Combine(_root, "uploads-tea-1.git"));
        UploadedSource.CopyTo(repository.Path);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Start + rest));
        var commit = await GitCommand.RunAsync(
            repository, ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], Token, options: new GitOptions([]) { Content = content });
        return (repository, commit.Trim());
    }
}
