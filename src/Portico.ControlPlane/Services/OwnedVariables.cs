using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>The variables and secret files of one service or env group. Changes are added to the context; the caller saves.</summary>
internal static class OwnedVariables
{
    public static Task<List<EnvVarRow>> VariablesOf(this PorticoDb db, string owner, CancellationToken cancellationToken) =>
        db.EnvVars.AsNoTracking().Where(row => row.OwnerId == owner).OrderBy(row => row.Key).ToListAsync(cancellationToken);

    public static Task<List<SecretFileRow>> SecretFilesOf(this PorticoDb db, string owner, CancellationToken cancellationToken) =>
        db.SecretFiles.AsNoTracking().Where(row => row.OwnerId == owner).OrderBy(row => row.Name).ToListAsync(cancellationToken);

    /// <exception cref="RefusedException">404: there is no such variable.</exception>
    public static async Task<EnvVarRow> GetVariableAsync(
        this IQueryable<EnvVarRow> rows, string owner, string key, CancellationToken cancellationToken) =>
        await rows.FirstOrDefaultAsync(row => row.OwnerId == owner && row.Key == key, cancellationToken) ?? throw Refusal.NotFound("variable", key);

    /// <exception cref="RefusedException">404: there is no such file.</exception>
    public static async Task<SecretFileRow> GetSecretFileAsync(
        this IQueryable<SecretFileRow> rows, string owner, string name, CancellationToken cancellationToken) =>
        await rows.FirstOrDefaultAsync(row => row.OwnerId == owner && row.Name == name, cancellationToken) ?? throw Refusal.NotFound("secret file", name);

    /// <summary>
    /// Replaces all variables. A variable whose value does not change keeps its origin, and a generated value is not
    /// generated again.
    /// </summary>
    public static async Task ReplaceVariablesAsync(
        this PorticoDb db, string owner, IReadOnlyDictionary<string, EnvVarSource> wanted, CancellationToken cancellationToken)
    {
        var rows = await db.EnvVars.Where(row => row.OwnerId == owner).ToDictionaryAsync(row => row.Key, cancellationToken);
        db.EnvVars.RemoveRange(rows.Values.Where(row => !wanted.ContainsKey(row.Key)));
        foreach (var (key, source) in wanted)
            if (!rows.TryGetValue(key, out var row))
                db.EnvVars.Add(new EnvVarRow { OwnerId = owner, Key = key, Source = source });
            else if (!Keeps(row.Source, source))
                row.Source = source;
    }

    public static async Task SetVariableAsync(
        this PorticoDb db, string owner, string key, EnvVarSource source, CancellationToken cancellationToken)
    {
        var row = await db.EnvVars.FirstOrDefaultAsync(item => item.OwnerId == owner && item.Key == key, cancellationToken);
        if (row is null)
            db.EnvVars.Add(new EnvVarRow { OwnerId = owner, Key = key, Source = source });
        else if (source is EnvVarSource.Generated || row.Source.OwnValue != source.OwnValue)
            row.Source = source;
    }

    public static async Task DeleteVariableAsync(this PorticoDb db, string owner, string key, CancellationToken cancellationToken) =>
        db.EnvVars.Remove(await db.EnvVars.GetVariableAsync(owner, key, cancellationToken));

    public static async Task ReplaceSecretFilesAsync(
        this PorticoDb db, string owner, IReadOnlyDictionary<string, string> wanted, CancellationToken cancellationToken)
    {
        var rows = await db.SecretFiles.Where(row => row.OwnerId == owner).ToDictionaryAsync(row => row.Name, cancellationToken);
        db.SecretFiles.RemoveRange(rows.Values.Where(row => !wanted.ContainsKey(row.Name)));
        foreach (var (name, content) in wanted)
            if (!rows.TryGetValue(name, out var row))
                db.SecretFiles.Add(new SecretFileRow { OwnerId = owner, Name = name, Content = content });
            else if (row.Content != content)
                row.Content = content;
    }

    /// <exception cref="RefusedException">400: the files would be too large together.</exception>
    public static async Task SetSecretFileAsync(this PorticoDb db, string owner, string name, string content, CancellationToken cancellationToken)
    {
        var files = (await db.SecretFilesOf(owner, cancellationToken)).ToDictionary(file => file.Name, file => file.Content);
        files[name] = content;
        EnvVarInputs.RequireSize(files.Values, "content");
        await db.ReplaceSecretFilesAsync(owner, files, cancellationToken);
    }

    public static async Task DeleteSecretFileAsync(this PorticoDb db, string owner, string name, CancellationToken cancellationToken) =>
        db.SecretFiles.Remove(await db.SecretFiles.GetSecretFileAsync(owner, name, cancellationToken));

    private static bool Keeps(EnvVarSource before, EnvVarSource wanted) =>
        before == wanted
        || (wanted is EnvVarSource.Generated && before is EnvVarSource.Generated)
        || (wanted is EnvVarSource.Literal && before.OwnValue == wanted.OwnValue);
}
