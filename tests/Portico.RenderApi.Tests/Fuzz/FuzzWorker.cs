using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Fuzz;

internal sealed class FuzzWorker(RenderServer server, RequestGenerator generator, AnswerCheck check, KnownIds ids, FuzzTally tally)
{
    private const int LargeBody = 1_000_000;

    public async Task SendAsync(int seed, CancellationToken cancellationToken)
    {
        var request = generator.Make(new Random(seed));
        try
        {
            using var message = request.ToMessage(server.Address);
            using var response = await server.SendAsync(message, server.Cast.Owner, cancellationToken);
            Judge(seed, request, await Answer.ReadAsync(response, cancellationToken));
        }
        catch (HttpRequestException) when (request.Body?.Length > LargeBody)
        {
            // The server may hang up on what it will not read.
        }
        catch (HttpRequestException exception)
        {
            tally.Complain($"{request.Operation} {exception.Message}", $"seed {seed}: no answer, {exception.Message}\n{request}");
        }
    }

    private void Judge(int seed, FuzzRequest request, Answer answer)
    {
        tally.Count(answer.Status);
        if (answer.Status < 400)
            ids.Learn(answer.Text);
        foreach (var problem in Problems(request, answer))
            tally.Complain($"{request.Operation?.Id ?? request.Method} {problem[..Math.Min(problem.Length, 40)]}", $"seed {seed}: {request.Operation?.Id} {problem}\n{request}");
    }

    private IEnumerable<string> Problems(FuzzRequest request, Answer answer)
    {
        if (answer.Status >= 500)
            return [$"answered {answer.Status}: {(answer.ErrorId is { } id ? server.Errors.About(id) : answer.Text)}"];
        if (request.Method == "HEAD" || IsOfTheWebServer(request, answer))
            return [];
        if (answer.Status >= 400)
            return AnswerCheck.RefusalProblems(answer);
        return request.Operation is { } operation && request.Method == operation.Method ? check.Problems(operation, answer) : [];
    }

    /// <summary>A zero byte in the path, a line that is too long: refused before there is a request, without a body.</summary>
    private static bool IsOfTheWebServer(FuzzRequest request, Answer answer) => answer.Bytes.Length == 0
        && (answer.Status is 414 or 431 || (answer.Status == 400 && request.Target.Contains("%00", StringComparison.Ordinal)));
}
