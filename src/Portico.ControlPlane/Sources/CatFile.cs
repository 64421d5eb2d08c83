using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>A process of <c>git cat-file</c>, which answers one question after the other. It ends with its input, so at the latest with the server.</summary>
/// <remarks>
/// See https://git-scm.com/docs/git-cat-file#_batch_output:
/// <code>
/// NAME ──►      ◄── ID TYPE SIZE, and with contents these and a line feed
///               ◄── NAME missing
/// </code>
/// </remarks>
internal sealed class CatFile : IDisposable
{
    internal const int LargestContent = 64 << 20;

    /// <summary>Git keeps in memory what it has parsed.</summary>
    private const int MostQuestions = 1000;

    private readonly Process _git;
    private readonly PipeReader _answers;
    private int _asked;
    private bool _hasAnswered = true;

    private CatFile(Process git)
    {
        _git = git;
        _answers = PipeReader.Create(git.StandardOutput.BaseStream);
        // Git would wait if nobody read its warnings.
        git.BeginErrorReadLine();
    }

    public required string Repository { get; init; }

    public required bool WithContent { get; init; }

    /// <summary>How often processes had been ended for a removed repository when this one was started.</summary>
    public required int Ends { get; init; }

    public bool IsUsedUp => _asked >= MostQuestions;

    /// <exception cref="GitException">git cannot be started.</exception>
    public static CatFile Start(GitRepository repository, bool withContent, int ends) =>
        new(GitCommand.Start(repository, ["cat-file", withContent ? "--batch" : "--batch-check"]))
        {
            Repository = repository.Path,
            WithContent = withContent,
            Ends = ends,
        };

    /// <param name="name">The name of an object, without line feeds.</param>
    /// <returns>Null if git has ended, or the contents are too large to be read.</returns>
    public async Task<CatFileAnswer?> AskAsync(string name, CancellationToken cancellationToken)
    {
        _asked++;
        _hasAnswered = false;
        var answer = await AnswerAsync(name, cancellationToken);
        _hasAnswered = answer is not null;
        return answer;
    }

    public void Dispose()
    {
        // To kill it, all processes of the machine are read. One that waits for a question ends with its input.
        if (_hasAnswered)
            _git.StandardInput.Close();
        else
            _git.Kill(entireProcessTree: true);
        _git.Dispose();
    }

    private async Task<CatFileAnswer?> AnswerAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _git.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes($"{name}\n"), cancellationToken);
            await _git.StandardInput.BaseStream.FlushAsync(cancellationToken);
            if (await LineAsync(cancellationToken) is not { } line)
                return null;
            if (Parse(line) is not { } found)
                return new CatFileAnswer(null, null);
            if (!WithContent)
                return new CatFileAnswer(found, null);
            return found.Bytes <= LargestContent && await BytesAsync((int)found.Bytes, cancellationToken) is { } content ? new CatFileAnswer(found, content) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static GitObject? Parse(string line) =>
        line.Split(' ') is [var id, var type, var size] && SourceStore.IsCommit(id) && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new GitObject(id, type, bytes) : null;

    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _answers.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end));
                _answers.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }
            _answers.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    /// <summary>Reads contents and the line feed after them.</summary>
    private async Task<byte[]?> BytesAsync(int count, CancellationToken cancellationToken)
    {
        var read = await _answers.ReadAtLeastAsync(count + 1, cancellationToken);
        if (read.Buffer.Length <= count)
            return null;
        var bytes = new byte[count];
        read.Buffer.Slice(0, count).CopyTo(bytes);
        _answers.AdvanceTo(read.Buffer.GetPosition(count + 1));
        return bytes;
    }
}

/// <param name="Object">Null if there is no such object.</param>
/// <param name="Content">Null if it was not asked for.</param>
internal sealed record CatFileAnswer(GitObject? Object, byte[]? Content);
