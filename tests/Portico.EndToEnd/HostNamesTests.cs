using System.Net;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>An app of several services whose code has the names and usual ports of others, as in a network of containers.</summary>
public sealed class HostNamesTests
{
    private const string Blueprint = """
        services:
          - type: web
            name: vote
            runtime: node
            buildCommand: "true"
            startCommand: node vote.js
          - type: worker
            name: counter
            runtime: node
            buildCommand: "true"
            startCommand: bash counter.sh
            envVars:
              - key: PGPASSWORD
                fromDatabase: { name: db, property: password }
          - type: pserv
            name: totals
            runtime: node
            buildCommand: "true"
            startCommand: node totals.js
            envVars:
              - key: PGPASSWORD
                fromDatabase: { name: db, property: password }
          - type: keyvalue
            name: redis
            plan: starter
            ipAllowList: []
        databases:
          - name: db
            plan: basic-256mb
            databaseName: votes
            user: votes
        """;

    /// <summary>Puts what is posted into a list of <c>redis:6379</c>, and asks <c>totals:4000</c> for the rest.</summary>
    private const string Vote = """
        const http = require("node:http");
        const net = require("node:net");
        const fail = (response) => (error) => response.writeHead(502).end(error.message);
        http.createServer((request, response) => {
            if (request.method === "GET")
                return http.get("http://totals:4000/", (totals) => totals.pipe(response)).on("error", fail(response));
            const redis = net.connect(6379, "redis", () => redis.write(`RPUSH votes ${request.url.slice(1)}\r\n`));
            redis.once("data", (answer) => redis.end() && response.writeHead(answer.toString().startsWith(":") ? 202 : 502).end(answer));
            redis.on("error", fail(response));
        }).listen(process.env.PORT, "0.0.0.0");
        """;

    /// <summary>Moves what is in that list into a table at <c>db:5432</c>.</summary>
    private const string Counter = """
        until psql -h db -U votes -c 'CREATE TABLE IF NOT EXISTS votes (choice text)'; do sleep 0.2; done
        exec 3<>/dev/tcp/redis/6379
        while printf 'BLPOP votes 0\r\n' >&3; do
            for part in count length list length; do read -r answer <&3; done
            read -r choice <&3
            psql -h db -U votes -v "choice=${choice%$'\r'}" <<< "INSERT INTO votes VALUES (:'choice')"
        done
        """;

    /// <summary>Counts the rows of that table.</summary>
    private const string Totals = """
        const { execFile } = require("node:child_process");
        const count = "SELECT choice || ' ' || count(*) FROM votes GROUP BY choice ORDER BY choice";
        require("node:http").createServer((request, response) => execFile("psql", ["-h", "db", "-U", "votes", "-XAtc", count],
            (error, output, message) => response.writeHead(error ? 500 : 200).end(output + message))).listen(4000, "0.0.0.0");
        """;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_and_data_stores_are_reached_by_the_names_in_the_file()
    {
        Programs.Require("git", "node", "psql");
        PrivateNetwork.Require();
        await using var platform = new TestPlatform();
        platform.Write("render.yaml", Blueprint);
        platform.Write("vote.js", Vote);
        platform.Write("counter.sh", Counter);
        platform.Write("totals.js", Totals);

        (await platform.UpAsync()).ShouldSucceed();

        foreach (var choice in (string[])["cats", "dogs", "cats"])
            await VoteAsync(platform, choice);
        await Eventually.BecomesAsync(() => TotalsAsync(platform), totals => totals == "cats 2\ndogs 1\n", Soon, "all votes are counted");
    }

    private static async Task VoteAsync(TestPlatform platform, string choice)
    {
        using var answer = await platform.Http.PostAsync($"{platform.UrlOf("vote")}/{choice}", null, Token);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: " + await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<string> TotalsAsync(TestPlatform platform)
    {
        using var answer = await platform.Http.GetAsync(platform.UrlOf("vote"), Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }
}
