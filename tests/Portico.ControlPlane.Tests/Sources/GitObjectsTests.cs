using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>Questions about objects, which processes of git answer that are kept for a while.</summary>
public sealed class GitObjectsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-objects-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly GitObjects _objects;
    private readonly GitRepository _repository;

    public GitObjectsTests()
    {
        _objects = new GitObjects(_time);
        _repository = NewRepository("a.git");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _objects.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Names_are_found_and_read_by_one_process_each()
    {
        foreach (var name in (string[])["HEAD^{commit}", "refs/heads/main", UploadedSource.Second])
            Assert.Equal(UploadedSource.Second, (await _objects.FindAsync(_repository, name, Token))?.Id);
        Assert.Equal("tree", (await _objects.FindAsync(_repository, $"{UploadedSource.Second}:api", Token))?.Type);
        foreach (var name in (string[])["refs/heads/missing", "", "no such thing", $"{UploadedSource.First} commit", "main\nHEAD", new string('0', 40), $"{UploadedSource.First}:x y"])
            Assert.Null(await _objects.FindAsync(_repository, name, Token));
        Assert.Equal("web", Encoding.UTF8.GetString((await _objects.ReadAsync(_repository, $"{UploadedSource.First}:web/main", Token))!));
        Assert.Null(await _objects.ReadAsync(_repository, $"{UploadedSource.First}:missing", Token));
        Assert.Contains("tree ", Encoding.UTF8.GetString((await _objects.ReadAsync(_repository, UploadedSource.First, Token))!), StringComparison.Ordinal);
        Assert.Equal(2, Processes(_repository).Count);
    }

    [Fact]
    public async Task Answers_follow_refs_and_objects_that_appear_and_disappear()
    {
        Assert.Null(await _objects.FindAsync(_repository, "refs/heads/new", Token));
        await GitCommand.RunAsync(_repository, ["update-ref", "refs/heads/new", UploadedSource.First], Token);
        Assert.Equal(UploadedSource.First, (await _objects.FindAsync(_repository, "refs/heads/new", Token))?.Id);
        await GitCommand.RunAsync(_repository, ["pack-refs", "--all"], Token);
        await GitCommand.RunAsync(_repository, ["gc", "--quiet", "--prune=now"], Token);
        Assert.Equal(UploadedSource.First, (await _objects.FindAsync(_repository, "refs/heads/new", Token))?.Id);
        var blob = (await GitCommand.RunAsync(_repository, ["hash-object", "-w", "--stdin"], Token, options: new GitOptions([], "later"))).Trim();
        Assert.Equal("later", Encoding.UTF8.GetString((await _objects.ReadAsync(_repository, blob, Token))!));
        await GitCommand.RunAsync(_repository, ["update-ref", "-d", "refs/heads/new"], Token);
        Assert.Null(await _objects.FindAsync(_repository, "refs/heads/new", Token));
        Assert.Equal(2, Processes(_repository).Count);
    }

    [Fact]
    public async Task Questions_at_the_same_time_get_their_own_answers()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => i % 3 == 0 ? UploadedSource.First : i % 3 == 1 ? UploadedSource.Second : "refs/heads/missing")];
        var answers = await Task.WhenAll(names.Select(name => _objects.FindAsync(_repository, name, Token)));
        Assert.Equal(names.Select(name => name.StartsWith("refs", StringComparison.Ordinal) ? null : name), answers.Select(answer => answer?.Id));
        // A process that is not kept ends by itself, a moment later.
        await Eventually.TrueAsync(() => Processes(_repository).Count is >= 1 and <= GitObjects.MostIdle, "a few are left");
    }

    [Fact]
    public async Task Process_that_was_killed_is_replaced()
    {
        Assert.NotNull(await _objects.FindAsync(_repository, "HEAD", Token));
        using (var process = Process.GetProcessById(Assert.Single(Processes(_repository))))
        {
            process.Kill();
            await process.WaitForExitAsync(Token);
        }
        Assert.NotNull(await _objects.FindAsync(_repository, "HEAD", Token));
    }

    [Fact]
    public async Task Canceled_question_leaves_no_answer_to_the_next_one()
    {
        Assert.NotNull(await _objects.FindAsync(_repository, "HEAD", Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _objects.FindAsync(_repository, UploadedSource.First, new CancellationToken(canceled: true)));
        Assert.Equal(UploadedSource.Second, (await _objects.FindAsync(_repository, "HEAD", Token))?.Id);
    }

    [Fact]
    public async Task Processes_end_when_nobody_asks_and_when_the_repository_is_removed()
    {
        await _objects.FindAsync(_repository, "HEAD", Token);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Single(Processes(_repository));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Processes(_repository).Count == 0, "no process is left");

        await _objects.FindAsync(_repository, "HEAD", Token);
        _objects.Forget(_repository.Path);
        await Eventually.TrueAsync(() => Processes(_repository).Count == 0, "no process is left");
        Directory.Delete(_repository.Path, recursive: true);
        Assert.Null(await _objects.FindAsync(_repository, "HEAD", Token));
        NewRepository("a.git");
        Assert.NotNull(await _objects.FindAsync(_repository, "HEAD", Token));
    }

    [Fact]
    public async Task Only_a_few_are_kept_for_many_repositories_and_none_after_disposal()
    {
        var many = Enumerable.Range(0, GitObjects.MostIdle + 3).Select(i => NewRepository($"r{i}.git")).ToList();
        foreach (var repository in many)
            await _objects.FindAsync(repository, "HEAD", Token);
        await Eventually.TrueAsync(() => many.Sum(repository => Processes(repository).Count) == GitObjects.MostIdle, "a few are left");
        Assert.Single(Processes(many[^1]));
        _objects.Dispose();
        await Eventually.TrueAsync(() => many.Sum(repository => Processes(repository).Count) == 0, "none is left");
        Assert.NotNull(await _objects.FindAsync(many[0], "HEAD", Token));
        await Eventually.TrueAsync(() => many.Sum(repository => Processes(repository).Count) == 0, "none is kept");
    }

    private GitRepository NewRepository(string name)
    {
        var repository = new GitRepository(Path.Combine(_root, name));
        UploadedSource.CopyTo(repository.Path);
        return repository;
    }

    private static List<int> Processes(GitRepository repository) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name![0]))
            .Where(name => Arguments(name!) is var arguments && arguments.Contains(repository.Path) && arguments.Contains("cat-file")).Select(name => int.Parse(name!)),
    ];

    private static string[] Arguments(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
