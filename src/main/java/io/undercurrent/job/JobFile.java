package io.undercurrent.job;

import io.undercurrent.database.Changelog;
import io.undercurrent.kind.UpdateDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file of {@code jobs/}: updates that are queued together.
 *
 * @param name the file's name without its ending
 * @param description what the job is for, in the author's words
 * @param source where the file is, as messages name it: {@code jobs/reindex.yaml}
 * @param updates in the order in which they stand in the file, at least one
 * @param values what {@code :name} stands for in the job's SQL, already resolved from the
 *     configuration; a list value is bound as {@code text[]}
 * @param needs the part of Undercurrent's schema that the job's SQL uses
 */
public record JobFile(
    String name,
    @Nullable String description,
    String source,
    List<UpdateDefinition> updates,
    Map<String, Object> values,
    Changelog needs) {}
