using System.Text.Json;
using Portico.RenderApi.Tests.Server;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>
/// Calls operations by their ids, as the owner of the platform, and holds every answer against Render's document. Before
/// the first success of each it also tries what must be refused, and a list it pages through to its end.
/// </summary>
internal sealed class RenderClient(RenderServer server, RenderSpec spec, CancellationToken cancellationToken)
{
    private readonly AnswerCheck _check = new(spec);
    private readonly HashSet<string> _probed = [];

    public RenderServer Server => server;

    public CancellationToken Token => cancellationToken;

    public ConformanceReport Report { get; } = new();

    /// <summary>Sends a request, and expects that very status.</summary>
    /// <param name="operation">Its operationId.</param>
    /// <param name="path">Values of the path's parameters, in their order.</param>
    /// <param name="query">Without the question mark, encoded.</param>
    /// <param name="body">JSON, unless another content type is given.</param>
    /// <returns>The body; undefined where there is none.</returns>
    public async Task<JsonElement> SendAsync(string operation, int status, string[]? path = null, string query = "", string? body = null, string contentType = "application/json")
    {
        var call = CallTo(operation, path, query, body) with { ContentType = contentType };
        if (status < 400 && _probed.Add(operation))
            foreach (var probe in Probes.For(call).Concat(QueryProbes.For(call, spec)).Concat(AccessProbes.For(call, server)))
                await SendAsync(probe);
        var answer = await ExchangeAsync(call);
        Assert.True(answer.Status == status, $"{call}\nanswered {answer.Status}, not {status}: {answer.Text}");
        if (status == 200 && call.Operation.IsPaged)
            await new Paging(this).CheckAsync(call);
        if (status == 200 && call.Operation.Method == "GET" && !AccessProbes.MustBeHidden(call))
            await CheckForeignerAsync(call, answer);
        return answer.Json ?? default;
    }

    /// <summary>A refusal, with one of these statuses, whose message must say something in particular.</summary>
    public async Task RefuseAsync(string operation, int[] statuses, string says, string[]? path = null, string query = "", string? body = null) =>
        await SendAsync(new Probe(CallTo(operation, path, query, body), statuses, says));

    /// <summary>The items of a list, each without its envelope.</summary>
    /// <param name="kind">The name in the envelope, as <c>service</c>; null for a bare list.</param>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string operation, string? kind, string[]? path = null, string query = "") =>
        [.. (await SendAsync(operation, 200, path, query)).EnumerateArray().Select(item => kind is null ? item : item.GetProperty(kind))];

    /// <summary>Sends, records, and checks the answer against the document.</summary>
    /// <param name="by">Null for the owner.</param>
    public async Task<Answer> ExchangeAsync(Call call, Someone? by = null)
    {
        using var request = call.ToRequest();
        using var response = await server.SendAsync(request, by ?? server.Cast.Owner, cancellationToken);
        var answer = await Answer.ReadAsync(response, cancellationToken);
        Report.Record(call, answer, _check.Problems(call.Operation, answer));
        if (answer is { Status: >= 500, ErrorId: { } id })
            Report.Complain(call, server.Errors.About(id));
        return answer;
    }

    /// <summary>The workspace that everything is in.</summary>
    public string Workspace => server.Platform.Workspace;

    /// <summary>Brings an application to life, with something of most kinds.</summary>
    public Task<World> CreateWorldAsync() => World.CreateAsync(server.Platform, cancellationToken);

    /// <summary>Lets deploys, data stores and the rest come to rest.</summary>
    public Task SettleAsync() => server.Platform.SettleAsync(cancellationToken);

    private Call CallTo(string operation, string[]? path, string query, string? body) => server.Implements(operation)
        ? new Call(spec[operation], path ?? [], query, body)
        : throw new InvalidOperationException($"A scenario takes {operation} for implemented, and no endpoint is it.");

    /// <summary>What names no resource answers everybody, with what is theirs alone.</summary>
    private async Task CheckForeignerAsync(Call call, Answer ours)
    {
        var theirs = await ExchangeAsync(call, server.Cast.Foreigner);
        foreach (var shared in AccessProbes.IdsIn(ours.Text).Intersect(AccessProbes.IdsIn(theirs.Text)))
            Report.Complain(call, $"shows {shared} to {server.Cast.Foreigner}", server.Cast.Foreigner);
    }

    private async Task SendAsync(Probe probe)
    {
        var answer = await ExchangeAsync(probe.Call, probe.By);
        if (!probe.Expected.Contains(answer.Status))
            Report.Complain(probe.Call, $"answered {answer.Status}, must be {string.Join(" or ", probe.Expected)} ({probe.Why}): {answer.Text}", probe.By);
        else if (probe.Says is { } says && !answer.Text.Contains(says, StringComparison.Ordinal))
            Report.Complain(probe.Call, $"refused without saying '{says}': {answer.Text}");
    }
}
