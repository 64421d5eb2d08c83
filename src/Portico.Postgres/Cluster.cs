using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Postgres;

/// <summary>The commands that create the data directory and start a server on it.</summary>
/// <remarks>Both need more than one step, so each is a constant script. Everything that varies is passed as an argument.</remarks>
internal static class Cluster
{
    private const string PasswordFile = "superuser.scram";
    private const int BuiltinProviderSince = 17;

    // The rename makes the directory appear complete or not at all. What an earlier crash left incomplete is deleted.
    private const string InitializeScript = """
        set -eu
        disk=$1; shift
        if [ -f "$disk/data/PG_VERSION" ]; then exit 0; fi
        if [ -e "$disk/data" ]; then
            echo "The disk contains a directory 'data' that PostgreSQL did not create. Move it away, then try again." >&2
            exit 1
        fi
        rm -rf "$disk/data.new"
        initdb --pgdata="$disk/data.new" "$@"
        mv "$disk/data.new" "$disk/data"
        sync
        """;

    // After a server was killed, its number may belong to another program (PostgreSQL would take that for a second server
    // and refuse to start), and its children may still be busy with a query (it would refuse until they end). They are told to go;
    // they have nothing to lose, for whatever they have not committed is rolled back by recovery.
    // A server that does live in the directory is left alone, and then PostgreSQL itself refuses.
    private const string ServeScript = """
        set -u
        data=$1; shift
        lock=$data/postmaster.pid
        children() {
            for process in /proc/[0-9]*; do
                if [ "$process/cwd" -ef "$data" ] && [ "$(cat "$process/comm" 2>/dev/null)" = postgres ]; then
                    echo "${process#/proc/}"
                fi
            done
        }
        if [ -f "$lock" ] && [ -d /proc/self/cwd ]; then
            read -r server < "$lock" || true
            if ! [ "/proc/${server:-none}/cwd" -ef "$data" ]; then
                tries=50
                while left=$(children) && [ -n "$left" ] && [ "$tries" -gt 0 ]; do
                    kill -QUIT $left 2>/dev/null
                    tries=$((tries - 1))
                    sleep 0.1
                done
                if [ -z "$left" ]; then rm -f "$lock"; fi
            fi
        fi
        # Extensions that work only when they are loaded at start, where their library is installed: a server that
        # should load a missing one does not start.
        programs=$(dirname "$(readlink -f "$(command -v postgres)")")
        preload=
        for name in pg_stat_statements pgaudit; do
            if [ -f "$programs/../lib/$name.so" ] || [ -f "$programs/../lib/postgresql/$name.so" ]; then
                preload=${preload:+$preload,}$name
            fi
        done
        if [ -n "$preload" ]; then set -- "$@" -c "shared_preload_libraries=$preload"; fi
        exec postgres -D "$data" "$@"
        """;

    public static Command Initialize(PostgresSpec spec) => Script(InitializeScript, ["{disk}", .. InitializeArguments(spec)]);

    public static Command Serve(IEnumerable<string> settings) => Script(ServeScript, ["{disk}/data", .. settings]);

    /// <summary>The file that <see cref="Initialize"/> reads. It contains a verifier instead of the password, which does not allow a login.</summary>
    public static Dictionary<string, string> Files(PostgresSpec spec) =>
        new() { [PasswordFile] = ScramVerifier.Create(spec.SuperuserPassword, Salt(spec)).Text + "\n" };

    private static Command.Exec Script(string script, IEnumerable<string> arguments) =>
        new("sh", ["-c", script, "sh", .. arguments]);

    private static string[] InitializeArguments(PostgresSpec spec) =>
    [
        $"--username={DatabaseSetup.Superuser}", $"--pwfile={{files}}/{PasswordFile}",
        "--auth-host=scram-sha-256", "--auth-local=scram-sha-256",
        "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", .. LocaleProvider(spec),
    ];

    // PostgreSQL's own provider never changes its sort order. That of the C library may change, which would corrupt indexes.
    private static string[] LocaleProvider(PostgresSpec spec) =>
        Major(spec) >= BuiltinProviderSince ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];

    private static int Major(PostgresSpec spec) => int.Parse(spec.MajorVersion, NumberStyles.None, CultureInfo.InvariantCulture);

    // The salt only has to differ between databases. Because it is the same at every call, so is the job.
    private static byte[] Salt(PostgresSpec spec) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(spec.Id))[..ScramVerifier.SaltLength];
}
